"""What a container engine asks of the commands of docker-compose.yml, on a real PostgreSQL and Redis.

test_post_to_evidence.py runs all of them together.
"""

import pytest

from tests.deployments import STOP_S, composed, healthy, migrate, surroundings, wait_until_well

pytestmark = pytest.mark.servers


def test_a_worker_counts_as_healthy_from_its_first_round_to_its_end(tmp_path, postgres_url, redis_url):
    places = surroundings(tmp_path, postgres_url, redis_url)
    migrate(places)
    assert not healthy("worker", places), "a worker that never started must not count as healthy"
    with composed("worker", places, tmp_path) as worker:
        wait_until_well(worker, places)  # without beat: its own look at the database is enough
        worker.process.terminate()
        assert worker.process.wait(STOP_S) == 0, worker.said()
    assert not healthy("worker", places), "a worker that said goodbye must not count as healthy"
