"""Asking a service outside about a claim: what was sent to whom, what came of it, and how that service is doing."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.claims import Claim
from factcheck.models.guards import Guard, born, refuse, unchanging, undeletable

STAYS = "The claims of this article are never sent outside."
GOES_ON = "What was sent stays recorded, and a search that has ended stays as it ended."


class Search(models.Model):
    """One question to one service, with the very words that are sent. Until it has an outcome, its job
    (Job.Kind.SEARCH) says how far it has come.

    A sending is recorded here, and in the article's trail, before anything is sent. After a failure the same words may
    be sent again: `sendings` counts, `sent_at` is the last.
    """

    class Outcome(models.TextChoices):
        """How it ended. A failure is none of these: it is a state of the job."""

        FOUND = "found", _("Found something")
        EMPTY = "empty", _("Found nothing")
        STAYS = "stays", _("Not sent: the article stays in the house")
        DROPPED = "dropped", _("Not needed any more")  # other words, a dismissed claim, or the service is switched off

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="searches")
    provider = models.CharField(_("service"), max_length=50)
    words = models.TextField(_("words as they are sent"))
    sent_to = models.CharField(_("sent to"), max_length=255, blank=True)
    sent_at = models.DateTimeField(_("last sent"), null=True)
    sendings = models.PositiveIntegerField(_("how often sent"), default=0)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    found = models.PositiveIntegerField(_("pages found"), default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    TO_ARTICLE: ClassVar[str] = "claim__article"
    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("search outside")
        verbose_name_plural = _("searches outside")
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "provider", "words"],
                name="the_same_is_asked_once",
                condition=Q(outcome=""),
            ),
            models.CheckConstraint(
                name="search_outcome_is_known", condition=Q(outcome__in=["", "found", "empty", "stays", "dropped"])
            ),
            models.CheckConstraint(
                name="search_found_what_it_says",
                condition=Q(outcome="found", found__gte=1) | (~Q(outcome="found") & Q(found=0)),
            ),
            models.CheckConstraint(
                name="search_that_was_sent_says_when_and_to_whom",
                condition=(Q(sendings=0, sent_at__isnull=True, sent_to="") & ~Q(outcome__in=["found", "empty"]))
                | (Q(sendings__gte=1, sent_at__isnull=False) & ~Q(sent_to="")),
            ),
        ]
        triggers = [
            born(
                "searches_are_born_unsent",
                "NEW.sendings = 0 AND NEW.outcome = ''",
                "A search is born before it is sent.",
            ),
            unchanging(
                "searches_keep_their_question",
                ["id", "claim_id", "provider", "words", "created_at"],
                "Whom a search asks, and with what words, stays.",
            ),
            undeletable("searches_stay", "A search is never deleted: it says what left the house."),
            Guard(
                name="searches_only_go_on",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF NEW.sendings < OLD.sendings OR (OLD.outcome <> '' AND NEW IS DISTINCT FROM OLD)
                       OR (NEW.sendings = OLD.sendings AND NEW.sent_at IS DISTINCT FROM OLD.sent_at) THEN
                        {refuse("searches_only_go_on", GOES_ON)}
                    END IF;
                    RETURN NEW;
                """,
            ),
            # Nothing is sent without its record: so nothing of such an article is.
            Guard(
                name="searches_stay_in_the_house",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    IF TG_OP = 'UPDATE' THEN
                        IF NEW.sendings = OLD.sendings THEN RETURN NEW; END IF;
                    END IF;
                    PERFORM FROM factcheck_article article
                    JOIN factcheck_claim claim ON claim.article_id = article.id
                    WHERE claim.id = NEW.claim_id AND article.outside_search = 'allowed' AND NOT article.confidential
                    FOR SHARE OF article;
                    IF NOT FOUND THEN
                        {refuse("searches_stay_in_the_house", STAYS)}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.words}"


class Turns(models.Model):
    """When a service outside may be asked next: the rate limit and the circuit breaker of all workers together
    (workflow/turns.py). It says how the service is doing and nothing of any claim.
    """

    provider = models.CharField(_("service"), max_length=50, primary_key=True)
    free_at = models.DateTimeField(_("free from"), db_default=Now())
    # The last time that was named to a search that has to wait: the next one is named a later one. What came in bulk
    # has a line of its own, or whoever sends one article in would wait behind all of it.
    named_until = models.DateTimeField(_("waiting until"), db_default=Now())
    bulk_until = models.DateTimeField(_("in bulk waiting until"), db_default=Now())
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    open_until = models.DateTimeField(_("nobody asks until"), null=True, blank=True)
    probe_until = models.DateTimeField(_("one call tries until"), null=True, blank=True)

    class Meta:
        verbose_name = _("turns at a service outside")
        verbose_name_plural = _("turns at services outside")

    def __str__(self) -> str:
        return self.provider
