"""The lines of docs/api.md run as they stand, against a real server."""

import re
import subprocess

import pytest

from factcheck.models import ClaimReview, Job, User
from factcheck.workflow import steps
from tests.test_imports import PROJECT

pytestmark = [pytest.mark.api, pytest.mark.django_db(transaction=True)]


def test_every_line_runs(live_server, settings, tmp_path):
    settings.PUBLIC_URL = live_server.url
    User.objects.create_user("carol@example.org", "Carol", "editor", "two-pairs-of-eyes")
    User.objects.create_user("partner@example.org", "Northwind News", "partner", "two-pairs-of-eyes")
    script = ""
    blocks = re.findall(r"```bash\n(.*?)```", (PROJECT / "docs" / "api.md").read_text(), re.DOTALL)
    assert len(blocks) >= 4
    for block in blocks:
        script = (
            f"set -euo pipefail\n{block}\ndeclare -p DESK TOKEN STATUS CLAIM KEY MINE 2>/dev/null > state || true\n"
        )
        script = script.replace("http://localhost:8000", live_server.url)
        before = "[ ! -f state ] || . ./state\n"
        done = subprocess.run(["bash", "-c", before + script], cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        for job in Job.objects.filter(state=Job.State.QUEUED):
            steps.perform(job.pk)
    review = ClaimReview.objects.get()
    assert (review.statement, review.status) == ("The harbour bridge cost 12 million euros.", "draft")
