"""Fact-checks that others, or we ourselves, have published before."""

from typing import ClassVar

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.guards import Guard, refuse, rises, unchanging, undeletable
from factcheck.models.publications import Publication
from factcheck.models.rows import Versioned
from factcheck.models.sources import PARTIAL_DATE, Source

OF_ITS_SOURCE = "A fact-check belongs to a source of that kind, and to the part of its page that reviews its claim."


class FactCheckQuerySet(OfArticleQuerySet):
    def public(self) -> "FactCheckQuerySet":
        """What anybody may be told: those of others; and of our own what stands, has a text, and is not kept from
        search engines. Nothing that only came to light beside a confidential article, and no page that nobody has read.
        """
        ours = Q(publication__retraction_reason="", publication__taken_down_at=None)
        ours &= ~Q(publication__verdict="") & ~Q(publication__robots__icontains="noindex")
        seen = self.visible_to(AnonymousUser()).exclude(source__seen__in=Source.NOT_READ)
        return seen.filter(Q(publication=None) | ours)

    def fitting(self, *, language: str = "", site: str = "", since: str = "") -> "FactCheckQuerySet":
        """What is "" is not asked for. language: its first part decides, so that en finds en-GB. site: of the
        publisher, or one above it. since: a day; the claim or its review is from then or later.
        """
        found = self
        if language:
            base = language.replace("_", "-").partition("-")[0]
            found = found.filter(Q(language__iexact=base) | Q(language__iregex=f"^{base}[-_]"))
        if site:
            found = found.filter(Q(site__iexact=site) | Q(site__iendswith=f".{site}"))
        if since:
            found = found.filter(Q(claim_date__gte=since) | Q(review_date__gte=since))
        return found


class FactCheck(Versioned):
    """One review of one claim, and what it found, in its publisher's own words: no rating of theirs becomes a verdict.

    Every fact-check is a Source of its own, so that it is found, suggested and relied on like any other. A page may
    review several claims, and a feed names each of them with the page's address: those sources share the address and
    differ in `Source.part`, the sha256 of the claim reviewed. Address and claim together are what a record is known
    by when it comes again; the same review on two addresses is two. A publication of ours is the whole page (part "").

    The columns are what the record says; title, outlet and date of the source were copied from it and may be corrected
    by an editor. Of a publication of ours they change with its correction, and its retraction is read from it.
    """

    class Origin(models.TextChoices):
        IMPORTED = "imported", _("Another publisher’s")
        OWN = "own", _("Our own")

    source = models.OneToOneField(Source, models.PROTECT, related_name="fact_check")
    publication = models.OneToOneField(
        Publication, models.PROTECT, null=True, blank=True, related_name="fact_check", verbose_name=_("our publication")
    )
    claim_reviewed = models.TextField(_("claim reviewed"))
    claimant = models.TextField(_("who made the claim"), blank=True)
    claim_date = models.CharField(_("claim made"), max_length=10, blank=True)
    appearances = models.JSONField(_("where the claim was made"), default=list, blank=True)
    title = models.TextField(_("title"), blank=True)
    publisher = models.TextField(_("publisher"), blank=True)
    site = models.TextField(_("publisher’s site"), blank=True)
    review_date = models.CharField(_("reviewed"), max_length=10, blank=True)
    rating = models.TextField(_("rating, in their words"), blank=True)
    rating_value = models.TextField(_("rating as a number, as given"), blank=True)
    rating_best = models.TextField(_("best rating, as given"), blank=True)
    rating_worst = models.TextField(_("worst rating, as given"), blank=True)
    language = models.CharField(_("language, as given"), max_length=35, blank=True)
    raw = models.TextField(_("the record as it came (JSON)"))

    TO_ARTICLE: ClassVar[str] = "source__confidential_with"
    objects = FactCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact-check")
        constraints = [
            models.CheckConstraint(name="fact_check_names_its_claim", condition=~Q(claim_reviewed__regex=r"^\s*$")),
            models.CheckConstraint(
                name="fact_check_dates_are_partial_dates",
                condition=Q(claim_date__regex=PARTIAL_DATE, review_date__regex=PARTIAL_DATE),
            ),
        ]
        triggers = [
            rises("a_fact_check_version_rises"),
            unchanging("fact_checks_keep_their_source", ["id", "source_id"], "A fact-check stays with its source."),
            undeletable("fact_checks_stay", "A fact-check is never deleted: a suggestion may show it."),
            Guard(
                name="fact_check_is_of_its_source",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    IF NOT EXISTS (
                        SELECT FROM factcheck_source source
                        WHERE source.id = NEW.source_id AND source.kind = 'fact_check' AND source.part = CASE
                            WHEN NEW.publication_id IS NOT NULL THEN ''
                            ELSE encode(sha256(convert_to(NEW.claim_reviewed, 'UTF8')), 'hex') END
                    ) THEN
                        {refuse("fact_check_is_of_its_source", OF_ITS_SOURCE)}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    @property
    def origin(self) -> str:
        return self.Origin.OWN if self.publication_id else self.Origin.IMPORTED

    @property
    def retraction(self) -> str:
        """Why we took it back in public; "" while it stands. Whether others did so is not known."""
        if self.publication is None:
            return ""
        return self.publication.takedown_reason or self.publication.retraction_reason

    def __str__(self) -> str:
        return self.claim_reviewed[:100]
