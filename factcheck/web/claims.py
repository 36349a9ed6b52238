"""Claims: the page on which one is worked on."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from factcheck.models import Anchor, Claim, ClaimReview, ConflictOfInterest, Job, Suggestion, User
from factcheck.permissions import may
from factcheck.retrieval.providers import library as own_library
from factcheck.retrieval.providers import outside
from factcheck.templatetags.desk import desk_of
from factcheck.web import (
    changes,
    comments,
    drafts,
    evidence,
    forms,
    gate,
    library,
    lineage,
    originals,
    pairs,
    planning,
)
from factcheck.web import reviews as reviews_pages
from factcheck.web.errors import Refusal, desk_only, posting
from factcheck.web.pages import show
from factcheck.workflow import claims, conflicts, holds, reviews, searches, snapshots
from factcheck.workflow.factchecks import CheckedBefore

REVIEW = ("approver", "assignee", "publication", "legal_reading__cleared_by", "machine_reading")


@require_safe
@desk_only
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, pk)


def page(request: HttpRequest, pk: int, refusal: Refusal | None = None) -> HttpResponse:
    """Everything about one claim: where it stands, what the machine found, and the open review."""
    seen = Claim.objects.visible_to(request.user)
    claim = get_object_or_404(seen.select_related("article__outlet", "added_by", "assignee").defer("embedding"), pk=pk)
    every = list(claim.reviews.select_related(*REVIEW).order_by("-pk"))
    review = next((each for each in every if each.status in ClaimReview.OPEN), None)
    if review is not None:
        prefetch_related_objects([review], "checklist")
    anchors = claim.anchors.select_related("article_version").defer("article_version__text", "article_version__raw")
    published = next((each for each in every if each.status == ClaimReview.Status.PUBLISHED), None)
    anchor = anchors.order_by("-article_version__number").first()
    moved = changes.of_claim(claim, anchor, review or published)
    people = list(User.objects.at_the_desk())
    at_work = _at_work(claim, review, request, refusal, people)
    place_again = forms.PlaceAgain(claim) if moved["orphaned"] and may(request.user, "mark claims") else None
    context = {
        "claim": claim,
        "article": claim.article,
        "anchor": anchor,
        "place_again_form": refusal.place(place_again)[0] if refusal else place_again,
        "published": published,
        "retracted": next((each for each in every if each.status == ClaimReview.Status.RETRACTED), None),
        "refusal": refusal,
        "hold": holds.standing(claim.article_id),
        **moved,
        **_found(claim, request, refusal),
        **_conflicts(claim, review, request, refusal, people),
        **planning.of(claim, request, refusal, people),
        **at_work,
        **library.of_review(review if at_work["drafting"] else None, request, refusal),
        **drafts.of_claim(claim, at_work.get("save_form"), request),
        **lineage.of(claim, request, refusal),
        **pairs.of(claim, request, refusal),
        **_gate(review, anchor, request, refusal),
    }
    context["warnings"] = originals.warnings(review, anchor, context["groups"]) if review else []
    if "initials" in request.GET and "save_form" in context:
        gate.with_initials(context["save_form"], review, request.GET.getlist("initials"))
    apart = {conflict.person_id for conflict in context["conflicts"]}
    around = [person for person in people if person.pk not in apart]
    context |= comments.under(claim, review, context["groups"], request, refusal, around)
    return show(request, "claims_detail.html", context)


def _gate(
    review: ClaimReview | None, anchor: Anchor | None, request: HttpRequest, refusal: Refusal | None
) -> dict[str, Any]:
    """What is to be settled before the open review is published, of rows that the page has read."""
    if review is None:
        return {}
    known = {
        "evidence": review.pieces(),
        "quote": (anchor.exact, anchor.article_version.language) if anchor else None,
        "legal": getattr(review, "legal_reading", None),
        "newest": getattr(review, "machine_reading", None),
    }
    return gate.of(review, request, refusal, **known)


def _found(claim: Claim, request: HttpRequest, refusal: Refusal | None) -> dict[str, Any]:
    """What the search found, whether it ran, and the forms that decide about it."""
    order = [Suggestion.Status.ACCEPTED, Suggestion.Status.PENDING, Suggestion.Status.DISMISSED]
    seen = Suggestion.objects.visible_to(request.user).with_fact_checks().filter(claim=claim)
    rows = seen.select_related("passage__source__outlet", "decided_by").defer("passage__embedding")
    suggestions = sorted(rows, key=lambda row: (order.index(row.status), -row.score, row.pk))
    for row in suggestions:
        if not may(request.user, "decide a suggestion"):
            continue
        fresh: list[Any] = [None, None, forms.Undo(row)]
        if row.status == Suggestion.Status.PENDING:
            fresh = [forms.Accept(row), forms.Dismiss(row), None]
        row.accept_form, row.dismiss_form, row.undo_form = refusal.place(*fresh) if refusal else fresh
    _pages_of(suggestions, request, refusal)
    before = _checked_before(claim, suggestions)
    search = claim.article.jobs.filter(kind=Job.Kind.SUGGEST).order_by("-pk").first()
    again = search and search.state == Job.State.DEAD and may(request.user, "replay a job", search)
    return {
        "suggestions": suggestions,
        "checked_before": before,
        "checked_strongly": any(row.checked.strong for row in before),
        "of_library": [row for row in suggestions if row.provider == own_library.NAME],
        "search": search,
        "replay_form": forms.Replay(search) if again else None,
        **_outside(claim, request, refusal),
    }


def _checked_before(claim: Claim, suggestions: Iterable[Any]) -> list[Any]:
    """Those that lead to an earlier fact-check, each fact-check once, with it as `.checked`: those of the library, then
    those that a service outside told of, and last what we retracted."""
    found: dict[int, Any] = {}
    for row in suggestions:
        row.claim = claim
        source = row.passage.source_id
        row.checked = None if source in found else CheckedBefore.of(row, row.language)
        if row.checked:
            found[source] = row
    return sorted(
        found.values(), key=lambda row: (bool(row.checked.fact_check.retraction), row.provider != own_library.NAME)
    )


def _outside(claim: Claim, request: HttpRequest, refusal: Refusal | None) -> dict[str, Any]:
    """How far each service outside has come, with the form that tries a failed one again."""
    shown = []
    asks = claim.status in searches.OPEN and may(request.user, "decide a suggestion")
    for state in searches.states([claim])[claim.pk]:
        again = state.state == "failed" and state.job and may(request.user, "replay a job", state.job)
        form = forms.Replay(state.job) if again else None
        askable = asks and state.state in ("none", "empty", "found") and state.provider in outside.configured()
        shown.append({"of": state, "form": refusal.place(form)[0] if refusal else form, "askable": askable})
    ask_again = forms.AskAgain(claim) if any(each["askable"] for each in shown) else None
    return {
        "ask_again_form": refusal.place(ask_again)[0] if refusal else ask_again,
        "searches": shown,
        "all_stay": all(each["of"].state == "stays" and not each["of"].search for each in shown),
        "search_failed": any(each["of"].state == "failed" for each in shown),
    }


def _pages_of(suggestions: list[Suggestion], request: HttpRequest, refusal: Refusal | None) -> None:
    """For what was found outside: whether the page itself was fetched, and the form that asks for it."""
    found = [row for row in suggestions if row.provider in outside.ALL and row.passage.source.url]
    states = snapshots.states(row.passage.source_id for row in found) if found else {}
    for row in found:
        row.page = states[row.passage.source_id]
        asks = row.status == Suggestion.Status.PENDING and row.page.state in ("none", "failed")
        form = forms.FetchPage(row) if asks and may(request.user, "decide a suggestion") else None
        row.fetch_form = refusal.place(form)[0] if refusal else form


def _conflicts(
    claim: Claim, review: ClaimReview | None, request: HttpRequest, refusal: Refusal | None, people: list[User]
) -> dict[str, Any]:
    """Who keeps away from this claim, and whether one of them had written a part of the review before."""
    conflicts = list(claim.conflicts_of_interest.standing().select_related("person").order_by("pk"))
    for conflict in conflicts:
        conflict.wrote = review is not None and conflict.person_id in review.written_by
        over = may(request.user, "withdraw a conflict of interest", conflict)
        form = forms.WithdrawConflict(conflict) if over else None
        [conflict.form] = refusal.place(form) if refusal else [form]
    form = None
    if may(request.user, "declare a conflict of interest"):
        form = forms.DeclareConflict(claim)
        if not may(request.user, "declare a conflict of interest", User()):  # not for anybody else
            form.fields["person"].empty_label, people = None, [request.user]
        form.choose_from(people)
        [form] = refusal.place(form) if refusal else [form]
    return {"conflicts": conflicts, "declare_conflict_form": form}


def _at_work(
    claim: Claim, review: ClaimReview | None, request: HttpRequest, refusal: Refusal | None, people: list[User]
) -> dict[str, Any]:
    """The open review with its evidence, and the forms for what may be done now by this person."""
    writes = may(request.user, "write a review")
    drafting = writes and review is not None and review.status == ClaimReview.Status.DRAFT
    fresh: dict[str, Any] = {}
    if may(request.user, "edit a statement") and claim.status == Claim.Status.DETECTED:
        fresh["statement_form"] = forms.Statement(claim)
    if writes and review is None and claim.status in (Claim.Status.DETECTED, Claim.Status.REVIEWED):
        fresh["begin_form"] = forms.Begin(claim)
    if drafting:
        for form in (forms.Save, forms.Describe, forms.Document, forms.Person, forms.Search):
            fresh[f"{form.address}_form"] = form(review, desk=desk_of(request))
        fresh["person_form"].choose_from(people)
        answers = forms.AnswerChecklist(review, desk=desk_of(request))
        if answers.asked:
            fresh["answer_checklist_form"] = answers
        if may(request.user, "abandon a draft", review):
            fresh["abandon_form"] = forms.Abandon(review)
        if review.assignee_id != request.user.pk:
            fresh["take_over_form"] = forms.TakeOver(review)
    if refusal:
        fresh = dict(zip(fresh, refusal.place(*fresh.values()), strict=True))
    return {
        **fresh,
        "review": review,
        "drafting": drafting,
        "groups": evidence.of(review, request.user, editable=drafting, refusal=refusal) if review else [],
        "writers": reviews_pages.names_of([review], people)[review.pk] if review else [],
        "sent_back": reviews.last_changes_requested(review) if drafting else "",
    }


# --- the forms -----------------------------------------------------------------------------------------------------


def _again(request: HttpRequest, claim: Claim, refusal: Refusal) -> HttpResponse:
    return page(request, claim.pk, refusal=refusal)


@posting(forms.Statement, again=_again)
def statement(request: HttpRequest, claim: Claim, form: forms.Statement) -> str:
    claims.edit_statement(claim, by=request.user, **form.said())
    messages.success(request, _("The statement is saved. Sources are being looked for again."))
    return reverse("claim", args=[claim.pk])


@posting(forms.Begin, again=_again)
def begin(request: HttpRequest, claim: Claim, form: forms.Begin) -> str:
    reviews.begin(claim, by=request.user, **form.said())
    return reverse("claim", args=[claim.pk]) + "#review"


@posting(forms.AskAgain, again=_again)
def ask_again(request: HttpRequest, claim: Claim, form: forms.AskAgain) -> str:
    searches.ask_again(claim, by=request.user, **form.said())
    messages.success(request, _("The service is being asked."))
    return reverse("claim", args=[claim.pk]) + "#outside"


@posting(forms.DeclareConflict, again=_again)
def declare_conflict(request: HttpRequest, claim: Claim, form: forms.DeclareConflict) -> str:
    conflicts.declare(claim, by=request.user, **form.said())
    messages.success(request, _("The conflict of interest is declared."))
    return reverse("claim", args=[claim.pk])


@posting(
    forms.WithdrawConflict, again=lambda request, conflict, refusal: page(request, conflict.claim_id, refusal=refusal)
)
def withdraw_conflict(request: HttpRequest, conflict: ConflictOfInterest, form: forms.WithdrawConflict) -> str:
    conflicts.withdraw(conflict, by=request.user, **form.said())
    messages.success(request, _("The conflict of interest is withdrawn."))
    return reverse("claim", args=[conflict.claim_id])
