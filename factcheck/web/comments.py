"""What people say about a claim: under its page, beside the parts of its review, and the forms."""

from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from factcheck.models import Claim, ClaimReview, Comment, User
from factcheck.permissions import may
from factcheck.web import claims, evidence, forms
from factcheck.web.errors import Refusal, posting
from factcheck.workflow import comments, notices


@dataclass(frozen=True)
class Said:
    """A comment with what this reader may do with it. of_earlier: it is about a review that is not the one shown."""

    comment: Comment
    of_earlier: bool
    offered: list[forms.DeskForm | None]

    @property
    def is_open(self) -> bool:
        return self.comment.status == Comment.Status.OPEN


def of(
    claim: Claim,
    review: ClaimReview | None,
    groups: "list[evidence.Group]",
    request: HttpRequest,
    refusal: Refusal | None = None,
) -> tuple[dict[str, list[Said]], list[Said]]:
    """What was said about the claim: about a part of `review`, by the name of the part; and all the rest. What is about
    a piece of evidence of `groups` is in neither, and goes to that piece, as its `comments`.
    """
    pieces = {piece["pk"]: piece for group in groups for piece in group.pieces}
    on_parts: dict[str, list[Said]] = {}
    rest: list[Said] = []
    for comment in claim.comments.select_related("author", "resolved_by").order_by("pk"):
        here = review is not None and comment.review_id == review.pk
        said = Said(comment, bool(comment.part) and not here, _offered(comment, request.user, refusal))
        if here and comment.piece in pieces:
            pieces[comment.piece].setdefault("comments", []).append(said)
        elif here and comment.piece is None:
            on_parts.setdefault(comment.part, []).append(said)
        else:
            rest.append(said)
    return on_parts, rest


def under(
    claim: Claim,
    review: ClaimReview | None,
    groups: "list[evidence.Group]",
    request: HttpRequest,
    refusal: Refusal | None,
    people: list[User],
) -> dict[str, Any]:
    """The context of includes/_comments.html, under the page of a claim. people: of the desk, but for who keeps away
    from the claim.
    """
    on_parts, rest = of(claim, review, groups, request, refusal)
    follow = forms.FollowClaim.of(claim, notices.is_following(claim, request.user))
    write = forms.WriteComment(claim, review=review) if may(request.user, "comment on a claim") else None
    follow_form, write_form = refusal.place(follow, write) if refusal else (follow, write)
    return {
        "talk": sorted((*chain(*on_parts.values()), *rest), key=lambda said: said.comment.pk),
        "follow_form": follow_form,
        "comment_form": write_form,
        "mentionable": _mentionable(claim, people) if write else [],
    }


def _mentionable(claim: Claim, people: list[User]) -> list[User]:
    """Those of them who may read the claim: all, unless it is confidential."""
    if not claim.article.confidential:
        return people
    seeing = set(notices.seeing(claim).values_list("pk", flat=True))
    return [person for person in people if person.pk in seeing]


def _offered(comment: Comment, reader: User, refusal: Refusal | None) -> list[forms.DeskForm | None]:
    fresh: list[forms.DeskForm | None] = []
    if comment.status == Comment.Status.OPEN:
        if may(reader, "resolve a comment"):
            fresh.append(forms.ResolveComment(comment))
        if may(reader, "withdraw a comment", comment):
            fresh.append(forms.WithdrawComment(comment))
    elif comment.status == Comment.Status.RESOLVED and may(reader, "resolve a comment"):
        fresh.append(forms.ReopenComment(comment))
    return refusal.place(*fresh) if refusal else fresh


# --- the forms -----------------------------------------------------------------------------------------------------


def _again(request: HttpRequest, row: Claim | Comment, refusal: Refusal) -> HttpResponse:
    return claims.page(request, row.claim_id if isinstance(row, Comment) else row.pk, refusal=refusal)


def _place(comment: Comment) -> str:
    return reverse("claim", args=[comment.claim_id]) + f"#comment-{comment.pk}"


@posting(forms.WriteComment, again=_again)
def write(request: HttpRequest, claim: Claim, form: forms.WriteComment) -> str:
    return _place(comments.write(claim, by=request.user, **form.said()))


@posting(forms.ResolveComment, again=_again)
def resolve(request: HttpRequest, comment: Comment, form: forms.ResolveComment) -> str:
    return _place(comments.resolve(comment, by=request.user, **form.said()))


@posting(forms.ReopenComment, again=_again)
def reopen(request: HttpRequest, comment: Comment, form: forms.ReopenComment) -> str:
    return _place(comments.reopen(comment, by=request.user, **form.said()))


@posting(forms.WithdrawComment, again=_again)
def withdraw(request: HttpRequest, comment: Comment, form: forms.WithdrawComment) -> str:
    withdrawn = comments.withdraw(comment, by=request.user, **form.said())
    messages.success(request, _("The comment is withdrawn."))
    return _place(withdrawn)


@posting(forms.FollowClaim, again=_again)
def follow(request: HttpRequest, claim: Claim, form: forms.FollowClaim) -> str:
    said = form.said()
    notices.follow(claim, by=request.user, **said)
    if said["follows"]:
        messages.success(request, _("You follow this claim: you are told of comments, decisions and changed pages."))
    else:
        messages.success(request, _("You do not follow this claim any more."))
    return reverse("claim", args=[claim.pk])
