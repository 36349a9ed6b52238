"""What a machine proposes, and what a person made of it."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.aggregates import BoolOr
from django.db import models
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import Article, ArticleVersion, OfArticleQuerySet, hidden_from, is_partner, sent_in_by
from factcheck.models.claims import CHANGED_BESIDE, Claim
from factcheck.models.guards import Guard, arrows, born, refuse, rises, told, unchanging, undeletable
from factcheck.models.rows import Stated
from factcheck.models.sources import Passage

SUGGESTION_ARROWS = {
    "pending": frozenset({"accepted", "dismissed"}),
    "accepted": frozenset({"pending"}),
    "dismissed": frozenset({"pending"}),
}


class SuggestionQuerySet(OfArticleQuerySet):
    def visible_to(self, user) -> "SuggestionQuerySet":
        """Nor those of sources that are hidden: since their article became confidential again. What is hidden is little
        and looked up once: a desk has millions of suggestions, and joins each to its claim and source for nothing.
        """
        if is_partner(user):
            return self.seen_by_partner(user)
        hidden = hidden_from(user)
        claims = Claim.objects.filter(pk=models.OuterRef("claim"), article__in=hidden)
        passages = Passage.objects.filter(pk=models.OuterRef("passage"), source__confidential_with__in=hidden)
        return self.filter(~models.Exists(claims), ~models.Exists(passages))

    def seen_by_partner(self, partner) -> "SuggestionQuerySet":
        """None of what another partner added to the library, or of a source that is hidden with another's article."""
        passages = Passage.objects.filter(pk=models.OuterRef("passage"))
        of_another = passages.filter(source__partner__isnull=False).exclude(source__partner=partner.pk)
        secret = Article.objects.filter(confidential=True).exclude(pk__in=sent_in_by(partner))
        hidden = passages.filter(source__confidential_with__in=secret.values("pk"))
        return super().seen_by_partner(partner).filter(~models.Exists(of_another), ~models.Exists(hidden))

    def in_short(self) -> "SuggestionQuerySet":
        """Those that nobody dismissed, with what a line about each shows."""
        standing = self.exclude(status=Suggestion.Status.DISMISSED)
        return standing.select_related("passage__source__outlet").defer("passage__embedding")

    def best_of_each_claim(self) -> "SuggestionQuerySet":
        """In short, the best one of each claim; with `.checked_before` and `.conflicting`, whether any of those that
        stand there leads to an earlier fact-check, and has another number or date than the claim.
        """
        flags = {
            name: models.Window(BoolOr(column), partition_by="claim")
            for name, column in (("checked_before", "of_fact_check"), ("conflicting", "conflicts"))
        }
        return self.in_short().annotate(**flags).order_by("claim", "-score", "pk").distinct("claim")

    def with_fact_checks(self) -> "SuggestionQuerySet":
        """Each with the earlier fact-check that it leads to, and `.language`, that of its claim's article."""
        newest = ArticleVersion.objects.filter(article=models.OuterRef("claim__article")).order_by("-number")
        with_them = self.select_related("passage__source__fact_check__publication")
        return with_them.defer(
            "passage__source__fact_check__raw", "passage__source__fact_check__publication__frozen"
        ).annotate(language=models.Subquery(newest.values("language")[:1]))


# What the queue asks of a claim's suggestions, as columns: it cannot look into every passage of a hundred thousand.
KNOWN = """
    NEW.of_fact_check := EXISTS (
        SELECT FROM factcheck_passage passage JOIN factcheck_source source ON source.id = passage.source_id
        WHERE passage.id = NEW.passage_id AND source.kind = 'fact_check');
    NEW.conflicts := jsonb_path_exists(NEW.features, '$.values[*] ? (@.relation == "conflict")');
    RETURN NEW;
"""


class Suggestion(Stated):
    """A machine's proposal that a passage bears on a claim. It says why, and it never decides.

    pending ◄──► accepted        by a person: evidence in a draft review rests on it
    pending ◄──► dismissed       by a person, with a reason
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        ACCEPTED = "accepted", _("Accepted")
        DISMISSED = "dismissed", _("Dismissed")

    TRANSITIONS = SUGGESTION_ARROWS

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="suggestions")
    passage = models.ForeignKey(Passage, models.PROTECT, related_name="suggestions")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    provider = models.CharField(_("provider"), max_length=50)
    rank = models.PositiveIntegerField(_("rank"))
    score = models.FloatField(_("score"))
    features = models.JSONField(_("features"), default=dict)
    model_version = models.CharField(_("found by"), max_length=200)
    of_fact_check = models.BooleanField(_("leads to an earlier fact-check"), default=False, editable=False)
    conflicts = models.BooleanField(_("has another value than the claim"), default=False, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="decided_suggestions"
    )

    TO_ARTICLE: ClassVar[str] = "claim__article"
    PARTNERS_SEE: ClassVar[bool] = True
    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        constraints = [
            models.UniqueConstraint(fields=["claim", "passage"], name="a_passage_is_suggested_once_per_claim"),
            models.CheckConstraint(
                name="suggestion_status_is_known",
                condition=models.Q(status__in=["pending", "accepted", "dismissed"]),
            ),
            models.CheckConstraint(
                name="only_a_person_decides_a_suggestion",
                condition=models.Q(status="pending", decided_by__isnull=True)
                | models.Q(status__in=["accepted", "dismissed"], decided_by__isnull=False),
            ),
            models.CheckConstraint(name="suggestion_ranks_from_one", condition=models.Q(rank__gte=1)),
        ]
        indexes = [
            models.Index(
                fields=["claim"],
                name="claims_checked_before",
                condition=models.Q(of_fact_check=True) & ~models.Q(status="dismissed"),
                include=["passage"],
            ),
            models.Index(
                fields=["claim"],
                name="claims_in_conflict",
                condition=models.Q(conflicts=True) & ~models.Q(status="dismissed"),
                include=["passage"],
            ),
            models.Index(fields=["updated_at"], name="suggestions_decided", condition=~models.Q(status="pending")),
        ]
        triggers = [
            rises("a_suggestion_version_rises"),
            arrows("suggestion_arrows", SUGGESTION_ARROWS),
            born(
                "suggestions_are_born_pending",
                "NEW.status = 'pending' AND NEW.version = 1",
                "A suggestion is born pending.",
            ),
            unchanging(
                "suggestions_keep_their_pair",
                ["id", "claim_id", "passage_id", "provider", "score", "features", "model_version"],
                "What a machine proposed, and why, is kept as it was.",
            ),
            Guard(
                name="suggestion_tells_what_it_leads_to",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=KNOWN,
            ),
            undeletable("suggestions_stay", "A suggestion is never deleted; it can be dismissed."),
            Guard(
                name="suggestion_has_evidence",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=f"""
                    IF EXISTS (SELECT FROM factcheck_suggestion WHERE id = NEW.id AND status <> 'accepted') AND
                       EXISTS (SELECT FROM factcheck_evidence WHERE suggestion_id = NEW.id) THEN
                        {
                    refuse(
                        "suggestion_has_evidence",
                        "Evidence rests on this suggestion; take the evidence out of its draft first.",
                    )
                }
                    END IF;
                    RETURN NULL;
                """,
            ),
            # What is found by the machine is told when it is through (jobs_tell): once, not with each suggestion.
            told("suggestions_tell", pgtrigger.Update, CHANGED_BESIDE),
        ]

    @property
    def article_key(self) -> int:
        return self.claim.article_id

    def __str__(self) -> str:
        return f"{self.provider}, score {self.score:.2f}"
