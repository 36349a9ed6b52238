"""The same claim elsewhere: claims of different articles that a machine holds to say the same, until people decide."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet, hidden_from
from factcheck.models.claims import Claim
from factcheck.models.guards import Guard, arrows, born, refuse, rises, unchanging, undeletable
from factcheck.models.rows import Stated

PAIR_ARROWS = {
    "proposed": frozenset({"confirmed", "refused"}),
    "confirmed": frozenset({"proposed"}),
    "refused": frozenset({"proposed"}),
}


class PairQuerySet(OfArticleQuerySet):
    def visible_to(self, user) -> "PairQuerySet":
        """Those of which `user` sees both articles: who sees one of them only does not learn that there is a pair."""
        return super().visible_to(user).exclude(other__article__in=hidden_from(user))

    def of(self, claim: Claim) -> "PairQuerySet":
        return self.filter(Q(one=claim) | Q(other=claim))

    def at_work(self) -> "PairQuerySet":
        """Without proposals about a claim that was put aside or replaced: they come back when it does."""
        gone = [Claim.Status.DISMISSED, Claim.Status.SUPERSEDED]
        off = Q(one__status__in=gone) | Q(other__status__in=gone)
        return self.exclude(Q(status=ClaimPair.Status.PROPOSED) & off)


class ClaimPair(Stated):
    """Two claims of different articles, and whether they say the same. It has no order: the lower key is `one`.

    proposed ◄──► confirmed      by a person
    proposed ◄──► refused        by a person, with a reason if they like

    Nothing is merged by it: each claim keeps its own review, and a machine never decides. While nobody has, the machine
    may judge the pair anew, as when a statement was edited; what people decided about stays as they read it. Claims of
    one article that say the same are merged instead (Lineage), and are no pair.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused")

    TRANSITIONS = PAIR_ARROWS

    one = models.ForeignKey(Claim, models.PROTECT, related_name="+")
    other = models.ForeignKey(Claim, models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PROPOSED)
    score = models.FloatField(_("score, 0 to 1"))
    reasons = models.JSONField(_("reasons"), default=list)
    model_version = models.CharField(_("found by"), max_length=200)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="decided_pairs"
    )

    TO_ARTICLE: ClassVar[str] = "one__article"  # and other__article: PairQuerySet asks both
    objects = PairQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair of claims")
        verbose_name_plural = _("pairs of claims")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="two_claims_are_a_pair_once"),
            models.CheckConstraint(name="pair_has_no_order", condition=Q(one__lt=F("other"))),
            models.CheckConstraint(name="pair_score_from_0_to_1", condition=Q(score__gte=0, score__lte=1)),
            models.CheckConstraint(
                name="pair_status_is_known", condition=Q(status__in=["proposed", "confirmed", "refused"])
            ),
            models.CheckConstraint(
                name="only_a_person_decides_a_pair",
                condition=Q(status="proposed", decided_by__isnull=True)
                | Q(status__in=["confirmed", "refused"], decided_by__isnull=False),
            ),
        ]
        triggers = [
            rises("a_pair_version_rises"),
            arrows("pair_arrows", PAIR_ARROWS),
            born("pairs_are_born_proposed", "NEW.status = 'proposed' AND NEW.version = 1", "A pair is born proposed."),
            unchanging("pairs_keep_their_claims", ["id", "one_id", "other_id"], "A pair keeps its two claims."),
            undeletable("pairs_stay", "A pair is never deleted; it can be refused."),
            Guard(
                name="decided_pairs_keep_their_reasons",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF (NEW.score, NEW.reasons, NEW.model_version)
                       IS DISTINCT FROM (OLD.score, OLD.reasons, OLD.model_version)
                       AND NOT (OLD.status = 'proposed' AND NEW.status = 'proposed') THEN
                        {refuse("decided_pairs_keep_their_reasons", "What was decided about stays as it was read.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="pair_is_of_two_articles",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF EXISTS (
                        SELECT FROM factcheck_claim claim
                        JOIN factcheck_claim elsewhere ON elsewhere.article_id = claim.article_id
                        WHERE claim.id = NEW.one_id AND elsewhere.id = NEW.other_id
                    ) THEN
                        {refuse("pair_is_of_two_articles", "A pair is of two articles; in one, claims are merged.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    @property
    def article_key(self) -> int:
        return self.one.article_id

    def beside(self, claim: int) -> Claim:
        """The claim of the pair that is not the one with this key."""
        return self.other if claim == self.one_id else self.one

    def __str__(self) -> str:
        return f"{self.one_id} = {self.other_id}, score {self.score:.2f}"
