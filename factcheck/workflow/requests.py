"""What readers ask of the desk: taken from anybody, answered by an editor, and read by its reader at an address of
their own.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Aggregate, Count, DurationField, F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from factcheck.exceptions import BadInput, Conflict, FetchError, InvalidTransition
from factcheck.fetching.urls import parse
from factcheck.models import AuditEntry, LitigationHold, Publication, ReaderRequest, ReplyAddress, User
from factcheck.permissions import require
from factcheck.workflow import notices
from factcheck.workflow.transitions import chain_of, change, move
from factcheck.workflow.words import address, words

log = logging.getLogger(__name__)

Status, Outcome = ReaderRequest.Status, ReaderRequest.Outcome
LONGEST = 10_000  # characters of what a reader writes
SPAM_KEPT = timedelta(days=30)  # in which it can be taken back
MOST_AT_ONCE = 500  # requests whose words one look erases
ADDRESS_KEPT = timedelta(days=90)  # for an answer that does not come; then the reader still has the receipt

# Nothing is stored by which a request could be looked up from outside: the key is the number and our signature of it.
RECEIPT = signing.Signer(salt="receipt of a reader's request", sep=".")


def receipt(request: ReaderRequest) -> str:
    """What stands in the address at which its reader, and nobody else, finds it."""
    return RECEIPT.sign(str(request.pk))


def of_receipt(key: str) -> ReaderRequest | None:
    try:
        return ReaderRequest.objects.filter(pk=RECEIPT.unsign(key)).first()
    except signing.BadSignature:
        return None


def ask(*, publication: Publication | None, text: str, url: str = "", email: str = "", form: str = "") -> ReaderRequest:
    """A reader asks for a correction, or tells the desk something. publication: the fact-check that it is about.

    url: a source they name. email: where the answer is mailed to; it stands apart, and is erased then (ReplyAddress).
    form: what marks the form that they were shown, if it is to be taken once: who sends the same words with it again
    gets the same request. Editors are told. Raises BadInput. How often somebody may, the door knows (web/asking.py).
    """
    text, url, email = words(_("text"), text, needed=True), _source(url), _reply_address(email)
    if len(text) > LONGEST:
        said = _("The text has %(length)s characters; the most is %(most)s. Send the rest when you are answered.")
        raise BadInput(said % {"length": f"{len(text):,}", "most": f"{LONGEST:,}"})
    marked = hashlib.sha256(form.encode()).hexdigest() if form else ""
    if marked and (sent := ReaderRequest.objects.filter(form=marked).first()):
        if (sent.text, sent.url) == (text, url):
            return sent
        raise BadInput(_("This form was sent already, with other words. Send these as another request."))
    request = ReaderRequest(publication=publication, text=text, url=url, form=marked)
    with change(request.article_key) as act:
        request.save()
        if email:
            ReplyAddress.objects.create(request=request, email=email)
        AuditEntry.record(request, "readerrequest.asked", by=None, act=act, chain=chain_of(request.article_key))
        kind, event = notices.Kind.READER_REQUEST, f"reader-request-{request.pk}"
        notices.tell(notices.editors(), kind, request, event, by=None)
    return request


def _source(url: str) -> str:
    """The address in its one plain form. Raises BadInput."""
    if not url.strip():
        return ""
    try:
        return address(_("address of the source"), parse(url).url)
    except FetchError as error:
        raise BadInput(_("The address of the source cannot be taken. %s") % error) from error


def _reply_address(email: str) -> str:
    email = words(_("e-mail address"), email).strip()
    try:
        if email:
            validate_email(email)
    except ValidationError:
        raise BadInput(
            _("This is no e-mail address that an answer could be sent to. It may also stay empty.")
        ) from None
    return email


def take(request: ReaderRequest, *, by: User, seen: int) -> ReaderRequest:
    """Say that one sees to it, also when somebody else did. Raises NotAllowed, Refused, InvalidTransition, Conflict."""
    require(by, "answer a reader", request)
    if request.status != Status.OPEN:
        raise InvalidTransition(_("Only an open request is taken."))
    with change(request.article_key) as act:
        row = ReaderRequest.objects.filter(pk=request.pk, version=seen, status=Status.OPEN)
        if not row.update(assignee=by, updated_at=Now()):
            raise Conflict(_("Somebody else changed this request in the meantime. Nothing was saved."))
        AuditEntry.record(request, "readerrequest.taken", by=by, act=act, chain=chain_of(request.article_key))
    request.refresh_from_db()
    return request


def answer(request: ReaderRequest, *, by: User, seen: int, outcome: str, text: str) -> ReaderRequest:
    """What the reader reads, for good; it is mailed, too, where an address was given.

    Raises NotAllowed, Refused, BadInput, InvalidTransition, Conflict.
    """
    require(by, "answer a reader", request)
    if outcome not in Outcome.values:
        raise BadInput(_("Say what came of it: corrected, no change, or not for us."))
    text = words(_("answer"), text, needed=True)
    said: dict[str, Any] = {"outcome": outcome, "answer": text, "answered_by": by, "answered_at": Now()}
    with change(request.article_key) as act:
        reason = str(Outcome(outcome).label)
        move(request, Status.ANSWERED, by=by, seen=seen, act=act, reason=reason, **said)
        ReplyAddress.objects.filter(request=request, erased_at=None).update(due_at=Now())
    return request


def put_with_spam(request: ReaderRequest, *, by: User, seen: int) -> ReaderRequest:
    """It will not be answered, and its e-mail address is erased. Raises NotAllowed, Refused, InvalidTransition,
    Conflict."""
    require(by, "answer a reader", request)
    with change(request.article_key) as act:
        move(request, Status.SPAM, by=by, seen=seen, act=act)
        erase(ReplyAddress.objects.filter(request=request))
    return request


def put_back(request: ReaderRequest, *, by: User, seen: int) -> ReaderRequest:
    """It was no spam. Raises NotAllowed, Refused, InvalidTransition, Conflict; BadInput when it is erased."""
    require(by, "answer a reader", request)
    if request.erased_at:
        raise BadInput(_("What it said is erased: there is nothing to put back."))
    return move(request, Status.OPEN, by=by, seen=seen)


def erase_address(request: ReaderRequest, *, by: User) -> None:
    """Forget where the answer was to go, as its owner wishes. Raises NotAllowed; BadInput when there is none."""
    require(by, "erase a confidence")
    with change(request.article_key) as act:
        if not erase(ReplyAddress.objects.filter(request=request)):
            raise BadInput(_("There is no e-mail address here, or it was erased already."))
        AuditEntry.record(request, "readerrequest.address_erased", by=by, act=act, chain=chain_of(request.article_key))


def erase(addresses: QuerySet[ReplyAddress]) -> int:
    """Of these, those that still stand. In the caller's transaction, if there is one. Returns how many there were."""
    return addresses.filter(erased_at=None).update(email="", erased_at=Now(), due_at=None)


def erase_what_waited_too_long() -> None:
    """Addresses whose answer did not come within ADDRESS_KEPT."""
    old = ReplyAddress.objects.filter(erased_at=None, due_at=None, request__created_at__lt=Now() - ADDRESS_KEPT)
    erase(old)


def kept_until(request: ReaderRequest) -> datetime | None:
    """When its words, and those of the answer, are erased; None while it waits for an answer."""
    if request.status == Status.SPAM:
        return request.updated_at + SPAM_KEPT
    return request.answered_at and request.answered_at + timedelta(days=settings.READER_REQUESTS_KEPT)


def erase_old() -> int:
    """Erase what readers wrote, and what they were answered, once it has stood as long as they were told; returns of
    how many requests. Their rows are counted on. Of an article under litigation hold nothing is erased.

    Harmless twice, and side by side. One that cannot be erased keeps no other back: it is tried again.
    """
    answered = Q(status=Status.ANSWERED, answered_at__lt=Now() - timedelta(days=settings.READER_REQUESTS_KEPT))
    old = ReaderRequest.objects.filter(answered | Q(status=Status.SPAM, updated_at__lt=Now() - SPAM_KEPT))
    articles = LitigationHold.objects.standing().values("article")
    held = Q(publication__isnull=False, publication__review__claim__article__in=articles)
    erased = 0
    for request in old.filter(erased_at=None).exclude(held).order_by("pk")[:MOST_AT_ONCE]:
        try:
            erased += _erase_words(request)
        except Exception:
            log.exception("the words of request %s could not be erased", request.pk)
    return erased


def _erase_words(request: ReaderRequest) -> bool:
    with change(request.article_key) as act:
        row = ReaderRequest.objects.filter(pk=request.pk, version=request.version)
        if not row.update(text="", url="", answer="", erased_at=Now(), updated_at=Now()):
            return False  # somebody else was first
        erase(ReplyAddress.objects.filter(request=request))
        AuditEntry.record(request, "readerrequest.erased", by=None, act=act, chain=chain_of(request.article_key))
    return True


@dataclass(frozen=True, slots=True)
class Counts:
    """Since the desk began, without spam. median_days: from asking to answering; None before the first answer."""

    received: int
    answered: int
    corrected: int
    median_days: float | None


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def counts(when: Q | None = None) -> Counts:
    """For readers, by one query. when: which requests; all of them by default."""
    answered = Q(status=Status.ANSWERED)
    found = (
        ReaderRequest.objects.filter(when or Q())
        .exclude(status=Status.SPAM)
        .annotate(took=F("answered_at") - F("created_at"))
        .aggregate(
            received=Count("pk"),
            answered=Count("pk", filter=answered),
            corrected=Count("pk", filter=Q(outcome=Outcome.CORRECTED)),
            median=Median("took"),
        )
    )
    median = found.pop("median")
    return Counts(**found, median_days=median / timedelta(days=1) if median is not None else None)
