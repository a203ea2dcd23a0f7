"""The servers of the tests are real ones."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import redis

from tests.servers import Postgres, Redis

pytestmark = pytest.mark.servers


def test_each_test_gets_an_empty_postgresql_database(postgres_url):
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        version = connection.info.server_version
    assert tables == (0,)
    assert version >= 150000


def test_committed_rows_survive_an_immediate_stop_of_postgresql():
    server = Postgres()
    try:
        server.start()
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE note AS SELECT 7 AS figure")
        server.stop("immediate")
        server.start()
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT figure FROM note").fetchone() == (7,)
    finally:
        server.destroy()


def test_redis_never_evicts_and_forgets_all_when_killed(redis_url):
    with redis.Redis.from_url(redis_url) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    server = Redis()
    try:
        server.start()
        with redis.Redis.from_url(server.url) as client:
            client.set("hint", "1")
        server.kill()
        server.start()
        with redis.Redis.from_url(server.url) as client:
            assert client.get("hint") is None
    finally:
        server.destroy()


def test_many_can_use_postgresql_at_once(postgres_url):
    def backend(_: int) -> int:
        with psycopg.connect(postgres_url) as connection:
            return connection.info.backend_pid

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(backend, range(48)))) > 1
