"""Who is added is sent a link; the person is there whatever the mail server says."""

import re

import pytest
from django.core import mail
from django.test import Client, override_settings

from factcheck.exceptions import BadInput, NotAllowed, Refused
from factcheck.models import AuditEntry, AuditText, Desk, User
from factcheck.workflow import invitations, people
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]

AWAY = override_settings(
    EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=1
)


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Within it, what waits for the commit is done at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def add(erin, name="Frank", **options) -> User:
    return people.add_person(by=erin, email=f"{name.lower()}@example.org", name=name, role="checker", **options)


@override_settings(PUBLIC_URL="https://desk.example.org")
def test_the_mail_goes_out_after_the_commit_with_a_link_that_works(erin, committed):
    Desk.objects.create(name="The Desk\nof Record", contact="letters@example.org")
    with committed():
        frank = add(erin)
        assert mail.outbox == []
    (message,) = mail.outbox
    assert (message.to, message.from_email) == ([frank.email], "letters@example.org")
    assert message.subject == "Your log-in at The Desk of Record"  # a line break would be a header of its own
    path = re.search(r"https://desk\.example\.org(/accounts/password/reset/key/\S+)", message.body).group(1)
    assert Client().get(path, follow=True).status_code == 200
    assert not AuditText.objects.filter(text__contains=path).exists()


def test_with_a_password_nobody_is_invited(committed):
    with committed():
        people.add_person(by=None, email="f@example.org", name="Frank", role="checker", password="a ferry for nine")
    assert mail.outbox == []


def test_a_person_who_was_refused_gets_no_mail(erin, committed):
    add(erin)
    with committed() as callbacks, pytest.raises(BadInput):
        add(erin)
    assert callbacks == mail.outbox == []


@AWAY
def test_a_mail_server_that_is_away_loses_nobody(erin, committed, caplog):
    told = []
    with committed():
        frank = add(erin, undelivered=told.append)
    assert told == [frank]
    assert User.objects.filter(pk=frank.pk).exists()
    assert "could not be sent" in caplog.text
    assert "/reset/key/" not in caplog.text
    with committed():
        people.invite_again(frank, by=erin, undelivered=told.append)
    assert told == [frank, frank]


def test_another_invitation(erin, carol, committed):
    with committed():
        frank = add(erin)
    with committed():
        people.invite_again(frank, by=erin)
    assert [message.to for message in mail.outbox] == [[frank.email]] * 2
    assert AuditEntry.objects.get(verb="person.invited_again", subject_id=frank.pk).actor == erin.pk
    with pytest.raises(NotAllowed):
        people.invite_again(frank, by=carol)
    frank.set_password("a ferry for nine hundred")
    frank.save()
    with pytest.raises(Refused, match="has set a password already"):
        people.invite_again(frank, by=erin)
    gone = factories.person("Grace")
    people.take_login_away(gone, by=erin, seen=people.fingerprint(User.objects.get(pk=gone.pk)))
    with pytest.raises(Refused, match="Give the log-in back first"):
        people.invite_again(gone, by=erin)


def test_a_link_is_good_once(erin):
    frank = add(erin)
    path = invitations.link(frank).removeprefix("http://localhost:8000")
    client = Client()
    form = client.get(path, follow=True)
    words = {"password1": "a ferry for nine hundred", "password2": "a ferry for nine hundred"}
    assert client.post(form.redirect_chain[-1][0], words).status_code == 302
    assert "does not work any more" in Client().get(path, follow=True).content.decode()
