"""What must be settled before a review is published, as its writers and the second person see it, and their forms."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from factcheck.models import ClaimReview, GateAnswer, LegalReading, Reply
from factcheck.permissions import may
from factcheck.web import claims, forms, reviews
from factcheck.web.errors import Refusal, posting
from factcheck.workflow import gate, gate_answers, legal, links, replies

Status = ClaimReview.Status


def of(review: ClaimReview | None, request: HttpRequest, refusal: Refusal | None) -> dict[str, Any]:
    """The gate's findings about an open review, with the forms of those whom they concern."""
    if review is None or review.status not in ClaimReview.OPEN:
        return {}
    writes = review.status == Status.DRAFT and may(request.user, "write a review")
    seconds = review.status != Status.DRAFT and may(request.user, "approve a review", review)
    rows = [_row(review, found, writes, seconds, refusal) for found in gate.findings(review)]
    return {
        "gate": rows,
        "gate_stops": sum(row["found"].stops for row in rows),
        "replies": [_reply(reply, writes, refusal) for reply in review.replies.order_by("pk")],
        **_forms(review, rows, writes, request, refusal),
    }


def _row(
    review: ClaimReview, found: gate.Finding, writes: bool, seconds: bool, refusal: Refusal | None
) -> dict[str, Any]:
    concerns = seconds if found.doubt == GateAnswer.Doubt.PASTED else writes
    form = forms.AnswerDoubt(review, of=found) if found.state == gate.State.OPEN and concerns else None
    named = found.subject if form and found.doubt == GateAnswer.Doubt.PERSON else ""
    later = found.state == gate.State.OPEN and found.doubt != GateAnswer.Doubt.PASTED
    for_writers = later and review.status != Status.DRAFT
    return {"found": found, "form": _placed(form, refusal), "initials": named, "for_writers": for_writers}


def _reply(reply: Reply, writes: bool, refusal: Refusal | None) -> dict[str, Any]:
    asks = writes and not reply.not_asked
    return {
        "row": reply,
        "answer_form": _placed(forms.ReplyAnswered(reply) if asks else None, refusal),
        "remove_form": _placed(forms.RemoveReply(reply) if writes else None, refusal),
    }


def _forms(
    review: ClaimReview, rows: list[dict[str, Any]], writes: bool, request: HttpRequest, refusal: Refusal | None
) -> dict[str, Any]:
    fresh: dict[str, Any] = {}
    if writes:
        fresh = {each.address + "_form": each(review) for each in (forms.AskForReply, forms.LookAgainOn)}
        if not review.replies.exists():
            fresh["none_asked_form"] = forms.NoneAsked(review)
    if any(row["found"].state == gate.State.UNKNOWN for row in rows) and may(request.user, "work on a claim"):
        fresh["look_at_links_form"] = forms.LookAtLinks(review)
    standing = LegalReading.objects.standing().filter(review=review).exists()
    if not standing and may(request.user, "ask for a legal reading", review):
        fresh["mark_legal_form"] = forms.MarkLegal(review)
    if standing and review.status != Status.DRAFT and may(request.user, "clear legally", review):
        fresh["clear_legal_form"] = forms.ClearLegal(review)
    return {name: _placed(form, refusal) for name, form in fresh.items()}


def _placed(form: Any, refusal: Refusal | None) -> Any:
    return refusal.place(form)[0] if refusal else form


def _where(review: ClaimReview) -> str:
    """In a draft the claim's page, else the second person's."""
    page = ("claim", review.claim_id) if review.status == Status.DRAFT else ("review", review.pk)
    return reverse(page[0], args=[page[1]]) + "#gate"


def _again(request: HttpRequest, row: ClaimReview | Reply, refusal: Refusal) -> HttpResponse:
    review = row.review if isinstance(row, Reply) else row
    if review.status == Status.DRAFT:
        return claims.page(request, review.claim_id, refusal=refusal)
    return reviews.page(request, review, refusal=refusal)


@posting(forms.AskForReply, again=_again)
def ask_for_reply(request: HttpRequest, review: ClaimReview, form: forms.AskForReply) -> str:
    replies.ask(review, by=request.user, **form.said())
    messages.success(request, _("It is written down who was asked."))
    return _where(review)


@posting(forms.NoneAsked, again=_again)
def none_asked(request: HttpRequest, review: ClaimReview, form: forms.NoneAsked) -> str:
    replies.none_asked(review, by=request.user, **form.said())
    messages.success(request, _("It is written down why nobody is asked."))
    return _where(review)


@posting(forms.ReplyAnswered, again=_again)
def reply_answered(request: HttpRequest, reply: Reply, form: forms.ReplyAnswered) -> str:
    replies.answered(reply, by=request.user, **form.said())
    messages.success(request, _("The answer is written down."))
    return _where(reply.review)


@posting(forms.RemoveReply, again=_again)
def remove_reply(request: HttpRequest, reply: Reply, form: forms.RemoveReply) -> str:
    replies.remove(reply, by=request.user, **form.said())
    messages.success(request, _("It is out of the draft."))
    return _where(reply.review)


@posting(forms.LookAgainOn, again=_again)
def look_again_on(request: HttpRequest, review: ClaimReview, form: forms.LookAgainOn) -> str:
    gate_answers.look_again_on(review, by=request.user, **form.said())
    messages.success(request, _("The day is saved."))
    return _where(review)


@posting(forms.LookAtLinks, again=_again)
def look_at_links(request: HttpRequest, review: ClaimReview, form: forms.LookAtLinks) -> str:
    links.look_again(review, by=request.user, **form.said())
    messages.success(request, _("The addresses are being looked at."))
    return _where(review)


@posting(forms.AnswerDoubt, again=_again)
def answer_doubt(request: HttpRequest, review: ClaimReview, form: forms.AnswerDoubt) -> str:
    gate_answers.answer(review, by=request.user, **form.said())
    messages.success(request, _("Your answer is kept."))
    return _where(review)


@posting(forms.MarkLegal, again=_again)
def mark_legal(request: HttpRequest, review: ClaimReview, form: forms.MarkLegal) -> str:
    legal.mark(review, by=request.user, **form.said())
    messages.success(request, _("It waits for its legal reading, and is not published before."))
    return _where(review)


@posting(forms.ClearLegal, again=_again)
def clear_legal(request: HttpRequest, review: ClaimReview, form: forms.ClearLegal) -> str:
    legal.clear(review, by=request.user, **form.said())
    messages.success(request, _("This version is cleared."))
    return _where(review)
