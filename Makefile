# Escalier: every command a person or a machine needs. A bare machine has Python ≥ 3.11 with venv, git and make.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VAR := $(or $(ESCALIER_VAR),var)
UV := $(BIN)/uv
INSTALL := $(UV) pip install --quiet --require-hashes --python $(BIN)/python

# The settings of pip are those of this machine: its mirror and its certificates serve uv too.
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
ifdef PIP_EXTRA_INDEX_URL
export UV_EXTRA_INDEX_URL ?= $(PIP_EXTRA_INDEX_URL)
endif
ifdef PIP_CERT
export SSL_CERT_FILE ?= $(PIP_CERT)
endif

# Who shares what takes long to build stays with one worker, and begins first: see tests/conftest.py.
ALL_TESTS = -n auto --dist loadscope --no-loadscope-reorder $(if $(MARKS),-m "$(MARKS)")

DIGEST = $(PYTHON) -c 'import hashlib,sys; print(hashlib.sha256(b"".join(open(f,"rb").read() for f in sys.argv[1:])).hexdigest()[:16])'

.PHONY: help run demo-reset test check format bench translations static lock clean install install-dev

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

run: install ## start everything on this machine, with demo data the first time
	@$(BIN)/python -m config.prepare
	@exec $(BIN)/python -m config.supervisor

demo-reset: install ## start over with fresh demo data (deletes what the embedded product holds)
	@$(BIN)/python -m config.prepare --reset

test: install-dev translations ## run the tests; with DATABASE_URL and REDIS_URL on PostgreSQL and Redis
	$(BIN)/python -m pytest $(or $(ARGS),$(ALL_TESTS))

check: install-dev translations ## linters, types, contracts, translations, generated pages, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m config.translations --check
	$(BIN)/python -m config.documentation --check
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run

format: install-dev ## let ruff rewrite the code in the project's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install-dev translations ## measure sign-in, list, dossier, ranking, submit; JSON and a table
	$(BIN)/python -m benchmarks $(ARGS)

translations: install ## compile the French catalogue
	@$(BIN)/python -m config.translations

lock: install-dev ## choose the newest versions that requirements/*.in allow, with their digests
	@for name in bootstrap base dev; do \
	  $(UV) pip compile --quiet --upgrade --generate-hashes --universal --no-emit-index-url --no-header --no-annotate \
	    --python-version 3.11 requirements/$$name.in -o requirements/$$name.lock || exit 1; done

clean: ## delete the virtual environment; the data in var/ stays
	rm -rf $(VENV)

install: $(VENV)/.uv
	@digest=$$($(DIGEST) requirements/base.lock) && test -e $(VENV)/.base-$$digest -o -e $(VENV)/.dev-$$digest || { \
	  echo "Installing the locked packages…" && $(INSTALL) -r requirements/base.lock && \
	  rm -f $(VENV)/.base-* && touch $(VENV)/.base-$$digest; }

install-dev: install
	@digest=$$($(DIGEST) requirements/dev.lock) && test -e $(VENV)/.dev-$$digest || { \
	  echo "Installing the locked tools…" && $(INSTALL) -r requirements/dev.lock && \
	  rm -f $(VENV)/.dev-* && touch $(VENV)/.dev-$$digest; }

$(VENV)/.uv: requirements/bootstrap.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Escalier needs Python 3.11 or newer. Name it: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "This Python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
	  -r requirements/bootstrap.lock
	@touch $@
