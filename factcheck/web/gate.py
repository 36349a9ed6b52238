"""What must be settled before a review is published, as its writers and the second person see it, and their forms."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from factcheck.models import ClaimReview, GateAnswer, Reply
from factcheck.permissions import may
from factcheck.web import claims, forms, reviews
from factcheck.web.errors import Refusal, posting
from factcheck.workflow import gate, gate_answers, legal, links, replies
from factcheck.workflow.material import Material

Status = ClaimReview.Status


def of(review: ClaimReview | None, request: HttpRequest, refusal: Refusal | None, **known: Any) -> dict[str, Any]:
    """The gate's findings about an open review, with the forms of those whom they concern. known: parts of its material
    that the page has read already.
    """
    if review is None or review.status not in ClaimReview.OPEN:
        return {}
    material = Material(review, **known)
    found = gate.findings_in(material)
    writes = review.status == Status.DRAFT and may(request.user, "write a review")
    seconds = review.status != Status.DRAFT and may(request.user, "approve a review", review)
    private = [each for each in found if each.doubt == GateAnswer.Doubt.PERSON and each.stops]
    later = {each.key for each in private[1:]}
    rows = [_row(review, each, writes, seconds, refusal) for each in found if each.key not in later]
    if private:
        _together(review, rows[found.index(private[0])], private, writes, refusal)
    return {
        "gate": rows,
        "gate_stops": sum(each.stops for each in found),
        "replies": [_reply(reply, writes, refusal) for reply in material.replies],
        **_forms(material, found, writes, request, refusal),
    }


def _row(
    review: ClaimReview, found: gate.Finding, writes: bool, seconds: bool, refusal: Refusal | None
) -> dict[str, Any]:
    concerns = seconds if found.doubt == GateAnswer.Doubt.PASTED else writes
    asked = found.stops and bool(found.doubt)
    form = forms.AnswerDoubt(review, of=found) if asked and concerns else None
    of_writers = found.doubt != GateAnswer.Doubt.PASTED and found.check != gate.Check.READING
    for_writers = asked and of_writers and review.status != Status.DRAFT
    return {"found": found, "form": _placed(form, refusal), "for_writers": for_writers}


def _together(
    review: ClaimReview, row: dict[str, Any], private: list[gate.Finding], writes: bool, refusal: Refusal | None
) -> None:
    """All who may be private persons, in the row of the first: one form, or only their names."""
    row["form"] = _placed(forms.AnswerPersons(review, of=private) if writes else None, refusal)
    row["names"] = [each.subject for each in private]
    row["below"] = row["names"][forms.AnswerPersons.MOST :] if writes else row["names"]


def _reply(reply: Reply, writes: bool, refusal: Refusal | None) -> dict[str, Any]:
    asks = writes and not reply.not_asked
    return {
        "row": reply,
        "answer_form": _placed(forms.ReplyAnswered(reply) if asks else None, refusal),
        "remove_form": _placed(forms.RemoveReply(reply) if writes else None, refusal),
    }


def _forms(
    material: Material, found: list[gate.Finding], writes: bool, request: HttpRequest, refusal: Refusal | None
) -> dict[str, Any]:
    review = material.review
    fresh: dict[str, Any] = {}
    if writes:
        fresh = {each.address + "_form": each(review) for each in (forms.AskForReply, forms.LookAgainOn)}
        if not material.replies:
            fresh["none_asked_form"] = forms.NoneAsked(review)
    unknown = any(each.check == gate.Check.LINKS and each.state == gate.State.UNKNOWN for each in found)
    if unknown and may(request.user, "work on a claim"):
        fresh["look_at_links_form"] = forms.LookAtLinks(review)
    standing = material.legal is not None and material.legal.cleared_at is None
    if not standing and may(request.user, "ask for a legal reading", review):
        fresh["mark_legal_form"] = forms.MarkLegal(review)
    if standing and review.status != Status.DRAFT and may(request.user, "clear legally", review):
        fresh["clear_legal_form"] = forms.ClearLegal(review)
    return {name: _placed(form, refusal) for name, form in fresh.items()}


def with_initials(save: forms.Save, review: ClaimReview, names: list[str]) -> None:
    """The text of a draft with initials instead of names, in the form that saves it."""
    reading = Material(review).newest
    save.with_initials(names, reading.persons if reading else [])


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


@posting(forms.AnswerPersons, again=_again)
def answer_persons(request: HttpRequest, review: ClaimReview, form: forms.AnswerPersons) -> str:
    if request.POST.get("choice") == "initials":
        return reverse("claim", args=[review.claim_id]) + f"?{urlencode({'initials': form.names()}, True)}#review-form"
    given = gate_answers.answer_all(review, by=request.user, **form.said())
    said = ngettext("Your answer about %(n)s person is kept.", "Your answer about %(n)s persons is kept.", len(given))
    messages.success(request, said % {"n": len(given)})
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
