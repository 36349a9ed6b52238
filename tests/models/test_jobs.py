"""Jobs: one live job per step and row, leased while it runs, counted for good."""

import pytest
from django.db import IntegrityError, transaction

from tests.models.asking import ask, refused_by, update
from tests.models.machines import MACHINES

pytestmark = [pytest.mark.database, pytest.mark.django_db]

LIVE = "INSERT INTO factcheck_job (kind, target, state, queue, attempts, max_attempts, last_error) VALUES"


def test_a_step_is_under_way_once_per_row():
    ask(f"{LIVE} ('split', 1, 'queued', 'read', 0, 5, '')")
    ask(f"{LIVE} ('index', 1, 'queued', 'read', 0, 5, '')")
    with refused_by("one_live_job_per_kind_and_row"):
        ask(f"{LIVE} ('split', 1, 'queued', 'read', 0, 5, '')")


def test_a_step_that_is_done_may_be_taken_again():
    job = MACHINES["job"].walked_to("done")
    ask(f"{LIVE} ('split', %s, 'queued', 'read', 0, 5, '')", job.target)


@pytest.mark.parametrize(
    ("status", "change", "rule"),
    [
        ("running", "lease_until = NULL", "job_is_leased_while_it_runs"),
        ("queued", "lease_until = now()", "job_is_leased_while_it_runs"),
        ("dead", "lease_until = now()", "job_is_leased_while_it_runs"),
        ("done", "finished_at = NULL", "job_is_finished_when_done"),
        ("queued", "finished_at = now()", "job_is_finished_when_done"),
        ("dead", "finished_at = now()", "job_is_finished_when_done"),
    ],
)
def test_a_job_is_leased_while_it_runs_and_finished_when_done(status, change, rule):
    job = MACHINES["job"].walked_to(status)
    with refused_by(rule):
        ask(f"UPDATE factcheck_job SET {change} WHERE id = %s", job.pk)


def test_a_job_is_not_taken_more_often_than_it_may_be():
    job = MACHINES["job"].walked_to("dead")
    with pytest.raises(IntegrityError), transaction.atomic():
        ask("UPDATE factcheck_job SET max_attempts = 0 WHERE id = %s", job.pk)
    once = MACHINES["job"].fresh()
    once.max_attempts = 0
    once.save()
    with refused_by("job_attempts_within_bounds"):
        ask(*update(once, state="running", attempts=1, lease_until=job.due_at))
