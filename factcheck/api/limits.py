"""How often a key may ask: so many requests in each minute, counted for all processes together.

In Valkey, where one round trip counts and answers. When it is away nothing is counted and requests go on: a limit keeps
one partner's loop from slowing down the others, and is not worth refusing everybody.
"""

import logging
from dataclasses import dataclass
from functools import cache

import redis
from django.conf import settings
from rest_framework.exceptions import Throttled

from factcheck.models import ApiKey

WINDOW = 60  # seconds, from the first request in it
PATIENCE = 0.2  # seconds that a request waits for a store that does not answer

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Counted:
    """Of a key's window, with this request: how many are allowed, how many came, and the seconds until the next."""

    allowed: int
    came: int
    seconds: int


def count(request, key: ApiKey) -> None:
    """Notes the request. Raises Throttled when it is one too many."""
    try:
        with store().pipeline(transaction=True) as asked:
            name = f"factcheck:key:{key.pk}"
            asked.set(name, 0, ex=WINDOW, nx=True).incr(name).ttl(name)
            _, came, seconds = asked.execute()
    except redis.RedisError as error:
        logger.warning("Requests of keys are not counted: %s", error)
        return
    request.counted = counted = Counted(key.per_minute, came, max(seconds, 1))
    if counted.came > counted.allowed:
        raise Throttled(counted.seconds, f"This key may ask {counted.allowed:,} times a minute.")


def headers(request) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers has them: the policy, and what is left of it."""
    counted: Counted | None = getattr(request, "counted", None)
    if counted is None:
        return {}
    left = max(counted.allowed - counted.came, 0)
    return {
        "RateLimit-Policy": f'"key";q={counted.allowed};w={WINDOW}',
        "RateLimit": f'"key";r={left};t={counted.seconds}',
    }


@cache
def store() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
