"""Giving the events of committed changes their numbers: what readers of `updated_since` and webhooks go by.

models/events.py says why nobody misses one. Who reads gives numbers first, so that no reader depends on a worker.
"""

from django.db import connection, transaction

NUMBERING = 0x73657175656E6365  # the key of an advisory lock, "sequence": one giver at a time
MOST = 5_000  # events of one run; the next run takes the next ones

# Read committed: this sees what every earlier holder of the lock has given, since the lock ends after its commit.
NUMBER = """
    WITH waiting AS (SELECT id, row_number() OVER (ORDER BY id) AS place
                     FROM (SELECT id FROM factcheck_event WHERE seq IS NULL ORDER BY id LIMIT %s) these),
         latest AS (SELECT coalesce(max(seq), 0) AS seq FROM factcheck_event)
    UPDATE factcheck_event event SET seq = latest.seq + waiting.place
    FROM waiting, latest WHERE event.id = waiting.id
    RETURNING event.seq
"""
KEEP_THE_NEWEST = """
    DELETE FROM factcheck_event older USING factcheck_event newer
    WHERE newer.seq >= %s AND older.subject = newer.subject AND older.subject_id = newer.subject_id
      AND older.seq < newer.seq
"""


def number() -> int:
    """Number what is committed, and return how many that were. Harmless twice, and beside another who does the same."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING])
        cursor.execute(NUMBER, [MOST])
        given = [seq for (seq,) in cursor.fetchall()]
        if given:
            cursor.execute(KEEP_THE_NEWEST, [min(given)])
    return len(given)
