"""The first set-up: a desk, its first administrator, and the link that lets the two of them begin."""

import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from factcheck.models import AuditEntry, Desk, User

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

SAID = {"name": "The Desk", "contact": "letters@example.org", "admin_email": "erin@example.org", "admin_name": "Erin"}


def created(**said) -> str:
    out = StringIO()
    call_command("createdesk", no_input=True, stdout=out, stderr=out, **said)
    return out.getvalue()


def test_a_desk_its_administrator_and_a_link_that_works():
    said = created(**SAID)
    erin = User.objects.get()
    assert (erin.email, erin.role, erin.has_usable_password()) == ("erin@example.org", "administrator", False)
    assert Desk.objects.get().contact == "letters@example.org"
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == ["desk.set_up", "person.added"]
    assert [message.to for message in mail.outbox] == [["erin@example.org"]]
    path = re.search(r"http://localhost:8000(\S+)", said).group(1)
    assert "Set a password" in Client().get(path, follow=True).content.decode()
    with pytest.raises(CommandError, match="There is a desk already"):
        created(**SAID)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"admin_email": "no address"}, "valid email"),
        ({"contact": "no address"}, "valid email"),
        ({"name": " "}, "--name is missing"),
        ({"admin_name": None}, "--admin-name is missing"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_left(change, said):
    with pytest.raises(CommandError, match=said):
        created(**{**SAID, **change})
    assert not Desk.objects.exists()
    assert not User.objects.exists()


@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=1)
def test_without_a_mail_server_the_link_is_there_all_the_same():
    said = created(**SAID)
    assert "could not be sent to erin@example.org" in said
    assert "/accounts/password/reset/key/" in said
