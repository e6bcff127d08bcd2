"""A Redis cache whose absence slows nobody and fails nothing."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


PAUSE = 15.0  # seconds without asking a server that has just failed: each question would wait for its time-out

_quiet_until: dict[str, float] = {}


def _tolerant(name: str, missing: Callable[..., Any]) -> Callable[..., Any]:
    """Method `name` of the Redis cache, answering `missing(…)` while the server cannot be reached."""
    original = getattr(RedisCache, name)

    @wraps(original)
    def method(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
        server = self._servers[0]  # type: ignore[attr-defined]
        if time.monotonic() < _quiet_until.get(server, 0.0):
            return missing(*args, **kwargs)
        try:
            return original(self, *args, **kwargs)
        except RedisError as error:
            _quiet_until[server] = time.monotonic() + PAUSE
            log.warning("Cache unreachable (%s): %s goes on without it.", type(error).__name__, name)
            return missing(*args, **kwargs)

    return method


class TolerantRedisCache(RedisCache):
    """Holds rate limits alone: while Redis is down they count nothing, and people still sign in and submit."""

    get = _tolerant("get", lambda key, default=None, version=None: default)
    get_many = _tolerant("get_many", lambda *args, **kwargs: {})
    has_key = _tolerant("has_key", lambda *args, **kwargs: False)
    add = _tolerant("add", lambda *args, **kwargs: True)
    set = _tolerant("set", lambda *args, **kwargs: None)
    set_many = _tolerant("set_many", lambda *args, **kwargs: [])
    incr = _tolerant("incr", lambda key, delta=1, version=None: delta)
    touch = _tolerant("touch", lambda *args, **kwargs: False)
    delete = _tolerant("delete", lambda *args, **kwargs: False)
    delete_many = _tolerant("delete_many", lambda *args, **kwargs: None)
    clear = _tolerant("clear", lambda *args, **kwargs: False)
