"""Notices by mail through a real mail server, which refuses, goes away and comes back: nothing lost, nothing twice."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial

import pytest
from aiosmtpd.controller import Controller
from django.db.models.functions import Now

from factcheck.models import Notice, User
from factcheck.workflow import notice_mails, notices
from tests import factories
from tests.models.asking import side_by_side

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@dataclass
class Server:
    """A mail server's handler: what it took; whom it does not know; what it says to a mail instead of taking it."""

    taken: list[EmailMessage] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    says: str = ""

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if address in self.unknown:
            return "550 No such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.says:
            return self.says
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def to(self, person: User) -> list[EmailMessage]:
        return [mail for mail in self.taken if mail["To"] == person.email]


@contextmanager
def listening(server: Server, port: int) -> Iterator[None]:
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


@pytest.fixture
def port(settings) -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    settings.PUBLIC_URL = "https://desk.example.org"
    return port


def due(person: User, number: int, **fields) -> None:
    claim = factories.claim()
    for _ in range(number):
        factories.notice(person, claim, due_at=Now(), **fields)


def waiting(person: User) -> int:
    return Notice.objects.filter(person=person, mailed_at__isnull=True, due_at__isnull=False).count()


def test_a_server_that_is_away_costs_nothing_and_one_that_refuses_is_asked_again(port, bob, carol, caplog):
    due(bob, 2)
    due(carol, 1, by=bob)
    with caplog.at_level(logging.WARNING):
        assert notice_mails.send_due() == 0
    assert "for the mail server: ConnectionRefusedError" in caplog.text
    assert (waiting(bob), waiting(carol), Notice.objects.due().count()) == (2, 1, 3)

    server = Server(unknown={bob.email})
    with listening(server, port):
        assert notice_mails.send_due() == 1  # Bob's refusal is not Carol's
        assert notice_mails.send_due() == 0
    assert (waiting(bob), Notice.objects.due().count()) == (2, 0)  # a minute later
    [mail] = server.to(carol)
    assert mail["Subject"] == "Bob mentions you in a comment."
    assert "The mayor opened the bridge." in mail.get_content()
    assert f"https://desk.example.org/notices/open?notice={Notice.objects.get(person=carol).pk}" in mail.get_content()
    assert mail["Message-ID"].endswith("@desk.example.org>")

    Notice.objects.filter(person=bob).update(due_at=Now())
    for says, count in (("451 Try again later", 0), ("421 Shutting down", 0), ("", 1), ("", 0)):
        server.unknown, server.says = set(), says
        with listening(server, port):
            assert notice_mails.send_due() == count
        Notice.objects.filter(person=bob, mailed_at__isnull=True).update(due_at=Now())
    [mail] = server.to(bob)
    assert mail["Subject"] == "2 things that concern you"
    assert len(server.taken) == 2


def test_a_mail_that_is_refused_for_a_day_stands_in_the_page_only(port, bob):
    due(bob, 1, mail_attempts=notice_mails.MOST_ATTEMPTS - 1)
    with listening(Server(unknown={bob.email}), port):
        assert notice_mails.send_due() == 0
    assert (waiting(bob), Notice.objects.visible_to(bob).unread().count()) == (0, 1)


def test_workers_beside_each_other_send_each_notice_once(port, bob, carol, grace):
    for person in (bob, carol, grace):
        due(person, 5)
    server = Server()
    with listening(server, port):
        side_by_side(*[notice_mails.send_due] * 4)
        assert notice_mails.send_due() == 0
    links = [line for mail in server.taken for line in mail.get_content().splitlines() if "open?notice=" in line]
    assert len(links) == len(set(links)) == 15
    assert waiting(bob) == waiting(carol) == waiting(grace) == 0


def test_two_who_tell_of_the_same_event_tell_once(bob, carol):
    claim = factories.claim()
    tell = partial(notices.tell, [bob.pk], "approved", claim, "review-1-approved-2", by=carol)
    assert side_by_side(*[tell] * 4) == [None] * 4
    assert Notice.objects.filter(person=bob).count() == 1


def test_who_may_not_see_it_any_more_gets_no_mail(port, bob):
    due(bob, 1)
    article = Notice.objects.get().claim.article
    type(article).objects.filter(pk=article.pk).update(confidential=True, outside_search="never")
    server = Server()
    with listening(server, port):
        assert notice_mails.send_due() == 0
    assert (server.taken, waiting(bob)) == ([], 0)
