"""Reviews: saving a draft, handing it over, and the second person's desk."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from factcheck import claimreview
from factcheck.models import Claim, ClaimReview, ConflictOfInterest, Sighting, User
from factcheck.permissions import may
from factcheck.web import changes, claims, comments, evidence, forms, gate, originals
from factcheck.web import sightings as sightings_pages
from factcheck.web.errors import Refusal, desk_only, posting
from factcheck.web.pages import PAGE, key, page_of, show
from factcheck.workflow import drafts, holds, publications, reviews, schedules, sightings, takedowns
from factcheck.workflow.words import words

Status = ClaimReview.Status
# status -> what can be done with a review then: the form, and the verb in the permission table
ACTS: dict[str, list[tuple[type[forms.DeskForm], str]]] = {
    Status.DRAFT: [(forms.Submit, "submit a review")],
    Status.SUBMITTED: [
        (forms.Approve, "approve a review"),
        (forms.RequestChanges, "request changes"),
        (forms.Withdraw, "withdraw a review"),
    ],
    Status.APPROVED: [
        (forms.Publish, "publish a review"),
        (forms.Schedule, "publish a review"),
        (forms.RequestChanges, "request changes"),
        (forms.Withdraw, "withdraw a review"),
    ],
    Status.PUBLISHED: [(forms.Retract, "retract a review"), (forms.TakeDown, "take a fact-check down")],
    Status.SUPERSEDED: [(forms.TakeDown, "take a fact-check down")],
    Status.RETRACTED: [(forms.TakeDown, "take a fact-check down")],
}


def conflicts_of(claim: Claim, review: ClaimReview) -> list[ConflictOfInterest]:
    """Standing conflicts of interest of people who had written a part of the review before they declared one."""
    return list(claim.conflicts_of_interest.standing().filter(person__in=review.written_by).select_related("person"))


def names_of(found: Iterable[ClaimReview], known: Iterable[User] = ()) -> dict[int, list[str]]:
    """Who wrote each review, in the order in which they came to it, by one query for all who are not known yet."""
    found = list(found)
    people = {person.pk: person for person in known}
    people |= User.objects.in_bulk({writer for review in found for writer in review.written_by} - set(people))
    return {review.pk: [people[pk].name for pk in review.written_by if pk in people] for review in found}


@require_safe
@desk_only
def index(request: HttpRequest) -> HttpResponse:
    """What waits for a second person."""
    found = ClaimReview.objects.visible_to(request.user).waiting().select_related("approver")
    after = key(request, "after")
    waiting, last = page_of(found.filter(pk__gt=after) if after else found)
    names = names_of(waiting)
    seen = dict(Sighting.objects.filter(review__in=waiting, person=request.user).values_list("review", "version"))
    for review in waiting:
        review.writers = names[review.pk]
        review.mine = request.user.pk in review.written_by
        review.seen_version = seen.get(review.pk)
    context = {
        "submitted": [review for review in waiting if review.status == Status.SUBMITTED],
        "approved": [review for review in waiting if review.status == Status.APPROVED],
        "last": last,
        "free": _free(request),
    }
    return show(request, "reviews_list.html", context)


def _free(request: HttpRequest) -> list[ClaimReview]:
    """Drafts in nobody's hands, for who may take one over."""
    if not may(request.user, "take a draft over"):
        return []
    drafts = list(ClaimReview.objects.visible_to(request.user).in_nobodys_hands()[:PAGE])
    names = names_of(drafts)
    for review in drafts:
        review.writers = names[review.pk]
    return drafts


@require_safe
@desk_only
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, get_object_or_404(ClaimReview.objects.visible_to(request.user), pk=pk))


def page(request: HttpRequest, review: ClaimReview, refusal: Refusal | None = None) -> HttpResponse:
    """Exactly what is approved: every field and every piece of evidence, in the version that the buttons carry."""
    claim = Claim.objects.select_related("article__outlet").defer("embedding").get(pk=review.claim_id)
    wrote = request.user.pk in review.written_by
    publication = getattr(review, "publication", None)
    acts: dict[str, Any] = {}
    for form, verb in ACTS.get(review.status, []):
        if may(request.user, verb, review) and not (publication and publication.taken_down_at):
            acts[f"{form.address}_form"] = form(review)
    if refusal:
        acts = dict(zip(acts, refusal.place(*acts.values()), strict=True))
    anchors = claim.anchors.select_related("article_version").defer("article_version__text", "article_version__raw")
    anchor = anchors.order_by("-article_version__number").first()
    groups = evidence.of(review, request.user)
    replies = list(review.replies.order_by("pk"))
    prefetch_related_objects([review], "checklist")
    on_parts, talk = comments.of(claim, review, groups, request)
    context = {
        **acts,
        "review": review,
        "claim": claim,
        "anchor": anchor,
        **changes.of_claim(claim, anchor, review),
        "groups": groups,
        "checklist": claimreview.checklist(review),
        "on_parts": on_parts,
        "talk": talk,
        "warnings": originals.warnings(review, anchor, groups) if review.status in ClaimReview.OPEN else [],
        "since": sightings_pages.since(sightings.see(review, by=request.user)),
        "writers": names_of([review])[review.pk],
        "wrote": wrote,
        "conflicts": conflicts_of(claim, review),
        "publication": publication,
        "change": {"kind": review.change_kind, "note": review.change_note},
        "hold": holds.standing(claim.article_id),
        "rationale_format": publication.content.get("rationale_format", "") if publication else claimreview.MARKDOWN,
        "refusal": refusal,
        **gate.of(review, request, refusal, evidence=review.pieces(), replies=replies),
        "printed_replies": replies,
    }
    return show(request, "reviews_detail.html", context)


# --- the writer's forms --------------------------------------------------------------------------------------------


def _on_claim(request: HttpRequest, review: ClaimReview, refusal: Refusal) -> HttpResponse:
    return claims.page(request, review.claim_id, refusal=refusal)


@posting(forms.Save, again=_on_claim)
def save(request: HttpRequest, review: ClaimReview, form: forms.Save) -> str:
    """The second button saves and then hands over: two verbs, so that the words are kept when the second refuses."""
    said = form.said()
    reviews.save(review, by=request.user, **said)
    drafts.saved(review, by=request.user, known=form.cleaned_data["known"] or 0)
    if request.POST.get("then") == "submit":
        form.renew(review)
        # The version that this save made, and no later one: what a colleague saved in between nobody here has read.
        reviews.submit(review, by=request.user, seen=said["seen"] + 1)
        messages.success(request, _("The review is saved and waits for a second person."))
        return reverse("review", args=[review.pk])
    messages.success(request, _("The review is saved."))
    return reverse("claim", args=[review.claim_id]) + "#review"


@posting(forms.Save, again=_on_claim)
def preview(request: HttpRequest, review: ClaimReview, form: forms.Save) -> HttpResponse:
    """What was typed as the rationale, as it would be printed; nothing is kept. The form stays in its own window."""
    text = words("rationale", request.POST.get("rationale", ""))
    return show(request, "reviews_preview.html", {"review": review, "text": text})


@posting(forms.TakeOver, again=_on_claim)
def take_over(request: HttpRequest, review: ClaimReview, form: forms.TakeOver) -> str:
    reviews.take_over(review, by=request.user, **form.said())
    messages.success(request, _("The draft is in your hands. You are one of its writers now."))
    return reverse("claim", args=[review.claim_id]) + "#review"


@posting(forms.Abandon, again=_on_claim)
def abandon(request: HttpRequest, review: ClaimReview, form: forms.Abandon) -> str:
    reviews.abandon(review, by=request.user, **form.said())
    messages.success(request, _("The draft is abandoned."))
    return reverse("claim", args=[review.claim_id])


@posting(forms.Submit, again=page)
def submit(request: HttpRequest, review: ClaimReview, form: forms.Submit) -> str:
    reviews.submit(review, by=request.user, **form.said())
    messages.success(request, _("The review waits for a second person."))
    return reverse("review", args=[review.pk])


@posting(forms.Withdraw, again=page)
def withdraw(request: HttpRequest, review: ClaimReview, form: forms.Withdraw) -> str:
    reviews.withdraw(review, by=request.user, **form.said())
    messages.success(request, _("The review is a draft again."))
    return reverse("claim", args=[review.claim_id]) + "#review"


# --- the second person's forms -------------------------------------------------------------------------------------


@posting(forms.Approve, again=page)
def approve(request: HttpRequest, review: ClaimReview, form: forms.Approve) -> str:
    reviews.approve(review, by=request.user, **form.said())
    messages.success(request, _("The review is approved. It can be published now."))
    return reverse("review", args=[review.pk])


@posting(forms.RequestChanges, again=page)
def request_changes(request: HttpRequest, review: ClaimReview, form: forms.RequestChanges) -> str:
    reviews.request_changes(review, by=request.user, **form.said())
    messages.success(request, _("The review went back to its writers, with your reason."))
    return reverse("review", args=[review.pk])


@posting(forms.Publish, again=page)
def publish(request: HttpRequest, review: ClaimReview, form: forms.Publish) -> str:
    publication = publications.publish(review, by=request.user, **form.said())
    return reverse("fact_check", args=[publication.slug])


@posting(forms.Schedule, again=page)
def schedule(request: HttpRequest, review: ClaimReview, form: forms.Schedule) -> str:
    scheduled = schedules.set_hour(review, by=request.user, **form.said())
    if scheduled.publish_at:
        messages.success(request, _("The hour is set. The review goes out by itself then."))
    else:
        messages.success(request, _("The review goes out when somebody publishes it."))
    return reverse("review", args=[review.pk])


@posting(forms.TakeDown, again=page)
def take_down(request: HttpRequest, review: ClaimReview, form: forms.TakeDown) -> str:
    publication = takedowns.take_down(review, by=request.user, **form.said())
    messages.success(request, _("The text is erased. Its address gives your reason."))
    return reverse("fact_check_version", args=[publication.slug, publication.number])


@posting(forms.Retract, again=page)
def retract(request: HttpRequest, review: ClaimReview, form: forms.Retract) -> str:
    publication = publications.retract(review, by=request.user, **form.said())
    return reverse("fact_check", args=[publication.slug])
