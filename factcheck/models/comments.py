"""What people say to each other about a claim, or about a part of its review."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.claims import Claim
from factcheck.models.guards import Guard, arrows, born, refuse, rises, unchanging, undeletable
from factcheck.models.reviews import ClaimReview
from factcheck.models.rows import Stated

COMMENT_ARROWS = {
    "open": frozenset({"resolved", "withdrawn"}),
    "resolved": frozenset({"open"}),
    "withdrawn": frozenset(),
}


class Comment(Stated):
    """Said by a person about a claim, or about one part of a review of it. No part of what the review says.

        open ◄──► resolved      by anybody who may comment there
        open ──► withdrawn      by its author: the words go, that there were some stays

    Its words are never edited. `piece` is the key of the piece of evidence that is meant, which may be taken out of the
    draft later; the comment stays.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        RESOLVED = "resolved", _("Resolved")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Part(models.TextChoices):
        """Of a review: what a comment can be about."""

        STATEMENT = "statement", _("Statement")
        FINDING = "finding", _("Finding")
        RATIONALE = "rationale", _("Rationale")
        EVIDENCE = "evidence", _("Evidence")

    TRANSITIONS = COMMENT_ARROWS

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="comments")
    review = models.ForeignKey(ClaimReview, models.PROTECT, null=True, blank=True, related_name="comments")
    part = models.CharField(_("part of the review"), max_length=10, choices=Part, blank=True)
    piece = models.BigIntegerField(_("key of the piece of evidence"), null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments")
    text = models.TextField(_("words"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)

    TO_ARTICLE: ClassVar[str] = "claim__article"
    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        constraints = [
            models.CheckConstraint(
                name="comment_status_is_known", condition=Q(status__in=["open", "resolved", "withdrawn"])
            ),
            models.CheckConstraint(
                name="comment_is_about_something",
                condition=Q(part="", review__isnull=True, piece__isnull=True)
                | Q(part__in=["statement", "finding", "rationale"], review__isnull=False, piece__isnull=True)
                | Q(part="evidence", review__isnull=False, piece__isnull=False),
            ),
            models.CheckConstraint(
                name="comment_says_something_until_it_is_withdrawn",
                condition=Q(status="withdrawn", text="")
                | (Q(status__in=["open", "resolved"]) & ~Q(text__regex=r"^\s*$")),
            ),
            models.CheckConstraint(
                name="comment_is_resolved_by_somebody",
                condition=Q(status="resolved", resolved_by__isnull=False, resolved_at__isnull=False)
                | (~Q(status="resolved") & Q(resolved_by__isnull=True, resolved_at__isnull=True)),
            ),
        ]
        triggers = [
            rises("a_comment_version_rises"),
            arrows("comment_arrows", COMMENT_ARROWS),
            born("comments_are_born_open", "NEW.status = 'open' AND NEW.version = 1", "A comment is born open."),
            unchanging(
                "comments_stay_where_they_were_made",
                ["id", "claim_id", "review_id", "part", "piece", "author_id", "created_at"],
                "A comment stays with its author and with what it is about.",
            ),
            undeletable("comments_stay", "A comment is never deleted; its author can withdraw it."),
            Guard(
                name="comments_keep_their_words",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF NEW.text <> OLD.text AND NOT (OLD.status = 'open' AND NEW.status = 'withdrawn') THEN
                        {refuse("comments_keep_their_words", "A comment keeps its words until it is withdrawn.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="comment_is_on_a_review_of_its_claim",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NEW.review_id IS NOT NULL AND NOT EXISTS (
                        SELECT FROM factcheck_claimreview WHERE id = NEW.review_id AND claim_id = NEW.claim_id
                    ) THEN
                        {refuse("comment_is_on_a_review_of_its_claim", "A comment is about a review of its own claim.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    @property
    def article_key(self) -> int:
        return self.claim.article_id

    def __str__(self) -> str:
        return Truncator(self.text).chars(80) or str(self.get_status_display())
