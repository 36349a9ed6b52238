"""Commands by which an operator lets people in: each leaves its entry."""

import pytest
from django.core.management import CommandError, call_command

from factcheck.models import Article, AuditEntry, User
from factcheck.workflow.articles import ingest
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_an_administrator_more_is_invited_and_the_trail_says_so(capsys):
    call_command("createsuperuser", email="erin@example.org", name="Erin", no_input=True)
    erin = User.objects.get(email="erin@example.org")
    assert (erin.role, erin.has_usable_password()) == ("administrator", False)
    assert AuditEntry.objects.filter(verb="person.added", subject_id=erin.pk, new="administrator").exists()
    assert "/accounts/password/reset/key/" in capsys.readouterr().out


def test_what_is_missing_is_said(db):
    with pytest.raises(CommandError, match="--name is missing"):
        call_command("createsuperuser", email="erin@example.org", no_input=True)


def test_a_confidential_article_whose_last_reader_left_gets_another(bob, carol, capsys):
    article = ingest(factories.TEXT, by=bob, title="Embargoed", confidential=True)
    call_command("readers")
    assert "has a reader" in capsys.readouterr().out
    User.objects.filter(pk=bob.pk).update(is_active=False)
    call_command("readers")
    said = capsys.readouterr().out
    assert f"article {article.pk}" in said
    assert "Embargoed" not in said
    call_command("readers", article.pk, carol.email)
    assert Article.objects.visible_to(carol).get() == article
    assert AuditEntry.objects.filter(verb="article.sees", actor=None, new=str(carol.pk)).exists()


def test_nobody_is_named_by_mistake(bob):
    article = ingest(factories.TEXT, by=bob, confidential=True)
    with pytest.raises(CommandError, match="Nobody of the desk"):
        call_command("readers", article.pk, "nobody@example.org")
    with pytest.raises(CommandError, match="no confidential article"):
        call_command("readers", 0, bob.email)
