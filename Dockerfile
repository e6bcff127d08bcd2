# One image for the web server, the worker, the scheduler and the migrations.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 ESCALIER_VAR=/var/lib/escalier
RUN useradd --system --create-home escalier \
    && install --directory --owner=escalier --mode=700 /var/lib/escalier
WORKDIR /opt/escalier

COPY requirements/bootstrap.lock requirements/base.lock requirements/
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements/bootstrap.lock \
    && uv pip install --system --no-cache --require-hashes -r requirements/base.lock

COPY . .
RUN python -m config.translations && chown -R escalier: static locale
USER escalier
VOLUME /var/lib/escalier
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8"]
