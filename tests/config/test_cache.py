"""A Redis that is down slows nobody and fails nothing."""

import socket
import time

from config.cache import TolerantRedisCache


def unreachable() -> TolerantRedisCache:
    """A cache on a port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return TolerantRedisCache(f"redis://127.0.0.1:{port}/0", {"OPTIONS": {"socket_connect_timeout": 1}})


def test_every_operation_goes_on_without_the_server():
    cache, started = unreachable(), time.monotonic()
    assert cache.get("a") is None
    assert cache.get("a", 7) == 7
    assert cache.get_many(["a"]) == {}
    assert cache.add("a", 1) is True
    assert cache.incr("a") == 1
    assert cache.has_key("a") is False
    assert cache.touch("a") is False
    assert cache.delete("a") is False
    assert cache.set_many({"a": 1}) == []
    cache.set("a", 1)
    cache.delete_many(["a"])
    cache.clear()
    assert cache.get_or_set("a", lambda: 3) == 3
    assert time.monotonic() - started < 5


def test_a_server_that_hangs_is_waited_for_once():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        cache = TolerantRedisCache(url, {"OPTIONS": {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}})
        started = time.monotonic()
        assert [cache.get("a") for _ in range(20)] == [None] * 20
        assert time.monotonic() - started < 2


def test_it_holds_values_when_the_server_answers(redis_url):
    cache = TolerantRedisCache(redis_url, {"KEY_PREFIX": "escalier-tests-cache"})
    cache.set("a", [1, 2], 10)
    assert cache.get("a") == [1, 2]
    assert cache.delete("a") is True
    assert cache.get("a") is None
