"""A reader's request from the form to the answer: without a cookie, without a script, and without the e-mail address
anywhere but where the answer goes."""

import io
import logging
import smtplib
from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail, signing
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from config import logs
from factcheck.exceptions import BadInput
from factcheck.models import AuditEntry, AuditText, Notice, ReaderRequest, ReplyAddress
from factcheck.web import asking
from factcheck.workflow import holds, notice_mails, request_mails, requests
from tests import factories
from tests.web.conftest import ATTACK, said, window

pytestmark = [pytest.mark.database, pytest.mark.django_db]

WORDS = f"It cost 13 million. {ATTACK}"
EMAIL = "qxreaderzzy@example.org"


def token(slug: str = "", seconds: float = 60) -> str:
    """Of a form that was shown so long ago."""
    then = signing.time.time() - seconds
    with mock.patch("django.core.signing.time.time", return_value=then):
        return asking.token(slug)


@pytest.fixture
def log():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def test_a_request_from_the_form_to_the_answer(published, carol, dave, log):
    reader, page = window(), f"/fact-checks/{published.slug}/"
    form = f"{page}ask/"
    assert f'href="{form}"' in said(reader.get(page))
    assert 'name="token"' in said(reader.get(form))
    typed = {"text": WORDS, "url": "HTTP://Example.ORG/minutes#p3", "email": EMAIL, "empty": ""}
    strict = Client(enforce_csrf_checks=True)
    sent = strict.post(form, {**typed, "token": token(published.slug)})
    assert sent.status_code == 302
    assert reader.cookies == strict.cookies == {}
    asked = ReaderRequest.objects.get()
    assert (asked.publication, asked.text, asked.url) == (published, WORDS, "http://example.org/minutes")

    receipt = reader.get(sent.url)
    assert f"Your request {asked.pk}" in said(receipt)
    assert "no editor has taken it yet" in said(receipt)
    assert WORDS in said(receipt)
    assert ATTACK not in receipt.content.decode()
    assert receipt["X-Robots-Tag"] == "noindex"
    assert reader.get(sent.url[:-3] + "xx/").status_code == 404

    [notice] = Notice.objects.filter(kind="reader_request")
    desk = window(carol)
    assert desk.get(f"/notices/open?notice={notice.pk}").url == f"/requests/{asked.pk}/"
    assert WORDS[:40] in said(desk.get("/requests/"))
    beside = desk.get(f"/requests/{asked.pk}/")
    assert "The council's minutes give the sum." in said(beside)
    assert ATTACK not in beside.content.decode()
    desk.post(f"/requests/{asked.pk}/take", {"seen": 1})
    assert "An editor sees to it" in said(reader.get(sent.url))
    late = desk.post(f"/requests/{asked.pk}/answer", {"seen": 1, "outcome": "no_change", "text": "The sum is right."})
    assert late.status_code == 409
    assert "The sum is right." in said(late)
    answer = {"seen": 2, "outcome": "no_change", "text": "The minutes say 12."}
    assert desk.post(f"/requests/{asked.pk}/answer", answer).status_code == 302
    assert "The minutes say 12." in said(reader.get(sent.url))

    Notice.objects.update(due_at=Now())
    notice_mails.send_due()
    to_editors = [each.message().as_string() for each in mail.outbox]
    assert request_mails.send_due() == 1
    assert request_mails.send_due() == 0
    [to] = [each for each in mail.outbox if each.to == [EMAIL]]
    assert "The minutes say 12." in to.body
    assert sent.url in to.body
    kept = ReplyAddress.objects.get()
    assert kept.email == ""
    assert kept.mailed_at is not None
    trail = [*AuditText.objects.values_list("text", flat=True), *AuditEntry.objects.values_list("new", flat=True)]
    pages = [said(desk.get(path)) for path in (f"/requests/{asked.pk}/", "/requests/?status=answered", "/trail/")]
    told = "".join(filter(None, [*trail, *to_editors, *pages, log.getvalue()]))
    assert "qxreaderzzy" not in told
    assert requests.receipt(asked) not in log.getvalue()
    assert "requests/receipt/…" in log.getvalue()
    assert "asked for a correction" in said(window(dave).get("/trail/"))


@pytest.mark.parametrize(
    ("field", "sent", "told"),
    [
        ("text", " ", "must not be empty"),
        ("text", "x" * 10_001, "the most is 10,000"),
        ("url", "javascript:alert(1)", "must begin with https://"),
        ("url", "https://example.org\\@evil.example/", "backslash"),
        ("email", "reader at example", "no e-mail address"),
        ("empty", "Buy now", "send it once more"),
        ("token", "", "send it once more"),
        ("token", {"slug": "another-fact-check"}, "send it once more"),
        ("token", {"seconds": 1}, "Wait for three seconds"),
        ("token", {"seconds": 90_000}, "more than a day"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_typed_is_lost(field, sent, told):
    sent = token(**sent) if isinstance(sent, dict) else sent
    typed = {"text": "It cost 13.", "url": "https://example.org/", "email": "r@example.org", "token": token()}
    answer = window().post("/contact/ask/", {**typed, field: sent})
    assert answer.status_code == 422
    assert told in said(answer)
    kept = {name: value for name, value in {**typed, field: sent}.items() if name in ("text", "url", "email")}
    assert all(value.strip() in said(answer) for value in kept.values())
    assert not ReaderRequest.objects.exists()


def test_nobody_sends_without_end(settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "reader_request": "2/h/ip,3/d/key"}

    def ask(address: str, email: str = ""):
        typed = {"text": "It cost 13 million.", "email": email, "token": token()}
        return Client(REMOTE_ADDR=address).post("/contact/ask/", typed)

    assert [ask("192.0.2.1", email="me at home").status_code for _ in range(4)] == [422] * 4  # mistyped: not counted
    assert [ask("192.0.2.1").status_code for _ in range(3)] == [302, 302, 429]
    assert [ask("192.0.2.2").status_code, ask("192.0.2.3").status_code] == [302, 429]  # the ceiling for all
    refused = ask("192.0.2.1")
    assert "send yours later" in said(refused)
    assert "It cost 13 million." in said(refused)
    assert ReaderRequest.objects.count() == 3


def test_a_form_is_taken_once(published):
    """Pressed twice, or sent again by the browser, it is the same request; with other words it is refused."""
    typed = {"text": "It cost 13 million.", "token": token()}
    first, second = (window().post("/contact/ask/", typed) for _ in range(2))
    assert (first.status_code, second.url) == (302, first.url)
    other = window().post("/contact/ask/", {**typed, "text": "It cost 14 million."})
    assert other.status_code == 422
    assert "was sent already" in said(other)
    assert "It cost 14 million." in said(other)
    elsewhere = {**typed, "token": token(published.slug), "text": "It cost 14 million."}
    assert window().post(f"/fact-checks/{published.slug}/ask/", elsewhere).status_code == 302
    assert ReaderRequest.objects.count() == 2


def test_words_go_when_their_time_is_over_and_what_is_counted_stays(published, carol, dave, settings, monkeypatch):
    shown = said(window().get("/contact/ask/"))
    assert "are kept until 365 days after the answer" in shown
    assert "Spam is erased after 30 days" in shown
    held, answered, waiting, spam = (
        factories.reader_request(f"r{n}@example.org", text=f"Words {n}", url="https://example.org/", publication=about)
        for n, about in enumerate((published, None, None, None))
    )
    for row in (held, answered):
        requests.answer(row, by=carol, seen=1, outcome="corrected", text="So it is, Words.")
    requests.put_with_spam(spam, by=carol, seen=1)
    assert requests.kept_until(answered) == answered.answered_at + timedelta(days=365)
    before = requests.counts()
    receipt = window().get(reverse("receipt", args=[requests.receipt(answered)]))
    assert f"kept until {requests.kept_until(answered):%-d %B %Y}" in said(receipt)
    hold = holds.place(published.review.claim.article, by=carol, reason="Lind v. the desk")
    assert requests.erase_old() == 0
    settings.READER_REQUESTS_KEPT = -1  # a year has passed
    monkeypatch.setattr(requests, "SPAM_KEPT", timedelta(days=-1))
    assert (requests.erase_old(), requests.erase_old()) == (2, 0)
    kept = {row.pk: (row.text, row.url, row.answer) for row in ReaderRequest.objects.all()}
    gone = ("", "", "")
    assert (kept[answered.pk], kept[spam.pk]) == (gone, gone)
    assert kept[waiting.pk] == ("Words 2", "https://example.org/", "")
    assert kept[held.pk] == ("Words 0", "https://example.org/", "So it is, Words.")
    assert requests.counts() == before
    assert "was erased on" in said(window().get(receipt.request["PATH_INFO"]))
    assert "Erased on" in said(window(carol).get("/requests/?status=spam"))
    assert "were erased on" in said(window(carol).get(f"/requests/{answered.pk}/"))
    assert "their time was over" in said(window(dave).get("/trail/"))
    spam.refresh_from_db()
    with pytest.raises(BadInput, match="nothing to put back"):
        requests.put_back(spam, by=carol, seen=spam.version)
    holds.lift(hold, by=carol, reason="Settled.")
    assert requests.erase_old() == 1


def test_an_address_goes_with_spam_by_wish_after_its_time_and_when_no_server_takes_it(carol, monkeypatch):
    spam, wish, _old = (factories.reader_request(email=f"r{n}@example.org") for n in range(3))
    requests.put_with_spam(spam, by=carol, seen=1)
    assert requests.put_back(spam, by=carol, seen=2).status == "open"
    requests.erase_address(wish, by=carol)
    monkeypatch.setattr(requests, "ADDRESS_KEPT", timedelta(days=-1))
    request_mails.send_due()
    assert not ReplyAddress.objects.exclude(email="").exists()
    monkeypatch.undo()
    odd = factories.reader_request(email="odd@example.org")
    requests.answer(odd, by=carol, seen=1, outcome="not_for_us", text="Ask the council.")
    ReplyAddress.objects.filter(request=odd).update(mail_attempts=notice_mails.MOST_ATTEMPTS - 1)

    def refuse(*_args):
        raise smtplib.SMTPRecipientsRefused({})

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    assert request_mails.send_due() == 0
    assert ReplyAddress.objects.get(request=odd).email == ""


def test_what_is_counted_in_public(carol):
    for outcome, days in (("corrected", 2), ("no_change", 4), ("not_for_us", 12)):
        row = factories.reader_request(created_at=Now() - timedelta(days=days))
        requests.answer(row, by=carol, seen=1, outcome=outcome, text="So.")
    factories.reader_request()
    requests.put_with_spam(factories.reader_request(), by=carol, seen=1)
    found = requests.counts()
    assert (found.received, found.answered, found.corrected) == (4, 3, 1)
    assert found.median_days == pytest.approx(4, abs=0.1)
    factories.desk()
    assert "4.0" in said(window().get("/corrections/"))


def test_who_keeps_away_from_the_claim_does_not_answer(published, carol):
    row = factories.reader_request(publication=published)
    factories.conflict(published.review.claim, carol)
    answer = window(carol).post(f"/requests/{row.pk}/answer", {"seen": 1, "outcome": "no_change", "text": "We stand."})
    assert answer.status_code == 422
    assert "conflict of interest" in said(answer)
    assert "We stand." in said(answer)
