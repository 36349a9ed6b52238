"""Reviews, what they rest on, and the snapshots of it: read-only, and moved by verbs alone."""

from typing import Any

from django.contrib import admin
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from factcheck import claimreview
from factcheck.admin.actions import verb_action
from factcheck.admin.base import DeskAdmin, seen_field
from factcheck.admin.site import site
from factcheck.models import Claim, ClaimReview, Desk, Evidence, Snapshot, User
from factcheck.workflow import gate, publications, reviews, takedowns


@admin.register(ClaimReview, site=site)
class ClaimReviewAdmin(DeskAdmin):
    list_display = ("id", "short", "status", "verdict", "rating", "approver", "publish_at", "updated_at", "seen")
    list_filter = ("status", "verdict")
    list_select_related = ("approver", "claim")
    search_fields = ("statement", "speaker", "rationale")
    ordering = ("-pk",)
    actions = (
        verb_action("submit", _("Submit"), reviews.submit, done=_("Submitted"), needs="submit a review"),
        verb_action("withdraw", _("Withdraw"), reviews.withdraw, done=_("Withdrawn"), needs="withdraw a review"),
        verb_action(
            "approve",
            _("Approve"),
            reviews.approve,
            done=_("Approved"),
            needs="approve a review",
            read_first=True,
        ),
        verb_action(
            "publish",
            _("Publish"),
            publications.publish,
            done=_("Published"),
            needs="publish a review",
            read_first=True,
        ),
        verb_action(
            "request_changes",
            _("Request changes"),
            reviews.request_changes,
            done=_("Sent back"),
            needs="request changes",
            reason=True,
        ),
        verb_action(
            "retract", _("Retract"), publications.retract, done=_("Retracted"), needs="retract a review", reason=True
        ),
        verb_action(
            "take_down",
            _("Take down"),
            takedowns.take_down,
            done=_("Taken down"),
            needs="take a fact-check down",
            reason=True,
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).defer("claim__embedding")

    @admin.display(description=_("statement"))
    def short(self, review) -> str:
        return Truncator(review.statement).chars(120)

    @admin.display(description=_("version"))
    def seen(self, review) -> str:
        return seen_field(review, review.version)

    def described(self, review) -> str:
        return review.statement

    def in_full(self, review) -> dict[str, Any]:
        """All that the second person signs, as claimreview.py prints it."""
        desk = Desk.objects.first() or Desk()
        names = dict(User.objects.filter(pk__in=review.written_by).values_list("pk", "name"))
        writers = [names[pk] for pk in review.written_by if pk in names]
        claim = Claim.objects.select_related("article__outlet").defer("embedding").get(pk=review.claim_id)
        of_the_act = {"writers": writers, "published_at": timezone.now()}
        said = claimreview.content(review, desk=desk, claim=claim, robots=gate.robots(review), **of_the_act)
        for piece in said["evidence"]:
            piece["stance_label"] = Evidence.Stance(piece["stance"]).label
        label = f" · {said['rating']} {said['rating_label']}" if said["rating"] else ""
        return said | {"verdict": said["verdict_label"] + label}


@admin.register(Evidence, site=site)
class EvidenceAdmin(DeskAdmin):
    list_display = ("id", "review_id", "kind", "stance", "writer", "short", "created_at")
    list_filter = ("kind", "stance")
    list_select_related = ("writer",)
    search_fields = ("exact", "public_wording", "searched_for", "note")
    ordering = ("-pk",)

    @admin.display(description=_("words"))
    def short(self, evidence) -> str:
        return Truncator(evidence.exact or evidence.public_wording or evidence.searched_for).chars(120)


@admin.register(Snapshot, site=site)
class SnapshotAdmin(DeskAdmin):
    list_display = ("id", "source", "origin", "taken_at", "sha256")
    list_filter = ("origin",)
    list_select_related = ("source",)
    search_fields = ("source__title", "=sha256")
    ordering = ("-pk",)
