"""Whose turn it is at a service outside: one rate limit and one circuit breaker over all workers.

        closed ──► open           FAILURES in a row, or the service named a time to come back
        open ──► half-open        that time is over: one call tries, the others wait
        half-open ──► closed      it got an answer
        half-open ──► open        it got none: for twice as long as before

The state is a row in PostgreSQL (models.Turns), locked for the moment of the question, and the clock is the database's.
Not in Redis, where libraries for either keep it: the broker may be emptied at any time, and a limit that forgets is
none; a job is put off in the transaction that asks for its turn, so that both hold or neither; and calls are counted by
the minute here, not by the thousand, so that a locked row costs nothing. Of what there is for PostgreSQL nothing does
both, and each is longer than this file.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from factcheck.exceptions import FetchError
from factcheck.models import Turns

FAILURES = 5  # in a row, after which nobody asks for a while
OPEN = timedelta(minutes=1)  # at first; twice as long with each call that tries in vain
LONGEST = timedelta(hours=1)  # longer only when the service asks for it


def wait(provider: str, *, bulk: bool = False) -> timedelta | None:
    """How long until this service may be asked; None: now, and whoever asks here asks it next. bulk: nobody waits for
    it, so it stands in a line of its own.

    In the caller's transaction: with it the turn is taken, or is not.
    """
    turns, now = _locked(provider)
    per_minute = settings.PROVIDERS.get(provider, {}).get("per_minute")
    if per_minute is None:
        return None  # switched off: nothing will be sent
    if turns.open_until is not None:
        ends = turns.open_until if now < turns.open_until else turns.probe_until
        if ends is not None and now < ends:
            return ends - now
    if now < turns.free_at:
        # Everybody who waits is named a time of their own: else all would come at once, and one of them would get in.
        between = timedelta(minutes=1) / per_minute
        line = "bulk_until" if bulk else "named_until"
        named = max(turns.free_at, getattr(turns, line) + between)
        Turns.objects.filter(pk=provider).update(**{line: named})
        return named - now
    if turns.open_until is not None:
        # Nobody else tries before this call must have ended, one way or the other; it may also be lost with its worker.
        turns.probe_until = now + timedelta(seconds=2 * settings.SEARCH_DEADLINE)
    turns.free_at = now + timedelta(minutes=1) / per_minute
    turns.save(update_fields=["free_at", "probe_until"])
    return None


def answered(provider: str) -> None:
    """A call got an answer: the breaker closes."""
    with transaction.atomic():
        turns, _now = _locked(provider)
        if turns.failures or turns.open_until:
            turns.failures, turns.open_until, turns.probe_until = 0, None, None
            turns.save(update_fields=["failures", "open_until", "probe_until"])


def failed(provider: str, error: FetchError) -> None:
    """A call got no answer that can be used. It opens the breaker when it was one too many, when it was the one that
    tried, or when the service said how long to stay away."""
    with transaction.atomic():
        turns, now = _locked(provider)
        asked_to = timedelta(seconds=error.retry_after or 0)
        tried = turns.open_until is not None and turns.open_until <= now
        turns.failures += 1
        away = asked_to
        if tried or (turns.open_until is None and turns.failures >= FAILURES):
            doublings = min(max(turns.failures - FAILURES, 0), 10)
            away = max(away, min(OPEN * 2**doublings, LONGEST))
        if away:
            turns.open_until = max(now + away, turns.open_until or now)
            turns.probe_until = None
        turns.save(update_fields=["failures", "open_until", "probe_until"])


def _locked(provider: str) -> tuple[Turns, datetime]:
    """The service's row, locked, and the time after the lock was had."""
    Turns.objects.bulk_create([Turns(provider=provider)], ignore_conflicts=True)
    turns = Turns.objects.select_for_update().get(pk=provider)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [now] = cursor.fetchone()
    return turns, now
