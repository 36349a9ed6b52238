"""An empty broker, and processes of the product that end with the test."""

import pytest
import redis
from django.conf import settings


@pytest.fixture
def broker(servers):
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.flushdb()
        yield broker


@pytest.fixture
def start(broker, tmp_path):
    """Start processes of the product; what a test leaves running is killed after it, its log shown if it failed."""
    started = []

    def start(kind, **extra):
        process = kind(tmp_path / f"{kind.__name__}{len(started)}.log", **extra)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        print(f"--- {process.log.name}\n{process.log.read_text(errors='replace')[-3000:]}")  # noqa: T201 - if it failed
