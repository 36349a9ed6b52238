"""manage.py importfactchecks, as an operator meets it. The import itself: tests/workflow/test_factchecks.py."""

import io

import pytest
from django.core.management import CommandError, call_command

from factcheck.models import Import, Job
from tests.text.test_claimreviews import as_json, node

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_files_are_imported_each_for_itself_and_what_is_none_is_named(tmp_path, carol):
    good, none = tmp_path / "checks.json", tmp_path / "none.txt"
    good.write_bytes(as_json([node(), node(claimReviewed="It opened.")]))
    none.write_text("Just words.")
    out = io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("importfactchecks", str(good), str(none), "/nowhere", "--by", carol.email, stdout=out)
    started = Import.objects.get()
    assert out.getvalue() == f"{good} has 2 records (import {started.pk}).\n"
    assert (started.sent_by, started.name) == (carol, "checks.json")
    assert Job.objects.get().target == started.pk
    assert str(refused.value).splitlines() == [
        "Not imported:",
        f"{none}: There is no fact-check in the file. It is neither a web page nor JSON.",
        "/nowhere: No such file or directory",
    ]
