"""Fact-checks that others, or we ourselves, have published before; and files of them that are being imported."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.guards import Guard, refuse, rises, unchanging, undeletable
from factcheck.models.publications import Publication
from factcheck.models.rows import Versioned
from factcheck.models.sources import PARTIAL_DATE, Source

OF_ITS_SOURCE = "A fact-check belongs to a source of that kind, and to the part of its page that reviews its claim."
REFUSED_STAY = "A record that could not be taken stays, with the reason."


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
    objects = OfArticleQuerySet.as_manager()

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
        return self.publication.retraction_reason if self.publication else ""

    def __str__(self) -> str:
        return self.claim_reviewed[:100]


class FactCheckImportQuerySet(models.QuerySet):
    def visible_to(self, user) -> "FactCheckImportQuerySet":
        """What others have published is no secret at the desk."""
        return self

    def counted(self) -> "FactCheckImportQuerySet":
        """Each with `.waiting` and `.refused`, numbers of its records."""
        waiting = models.Count("records", filter=Q(records__sentence=""))
        return self.annotate(waiting=waiting, refused=models.Count("records") - waiting)


class FactCheckImport(Versioned):
    """A file of fact-checks. Its records wait in ImportedRecord and are taken in batches, each in one transaction with
    the counts here: whatever stops it, it goes on with the next batch, and every record is in one of the numbers.

    total = repeated + added + changed + same + those that wait + those refused.
    """

    file_name = models.CharField(_("name of the file"), max_length=255, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(_("sha256 of the bytes"), max_length=64)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    total = models.PositiveIntegerField(_("records in the file"))
    repeated = models.PositiveIntegerField(_("stand again further down in the file"), default=0)
    added = models.PositiveIntegerField(_("new to the library"), default=0)
    changed = models.PositiveIntegerField(_("known, and changed since"), default=0)
    same = models.PositiveIntegerField(_("known as they are"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    was_under_way = False
    """Set by workflow.factcheck_imports.begin on what it returns: the same file is being imported already."""
    objects = FactCheckImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of fact-checks")
        verbose_name_plural = _("imports of fact-checks")
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"], name="a_file_is_imported_once_at_a_time", condition=Q(finished_at=None)
            ),
            models.CheckConstraint(
                name="import_counts_no_more_than_there_are",
                condition=Q(total__gte=F("repeated") + F("added") + F("changed") + F("same")),
            ),
        ]
        triggers = [
            rises("a_import_version_rises"),
            unchanging(
                "imports_stay_what_was_sent",
                ["id", "file_name", "size", "sha256", "imported_by_id", "total", "repeated", "created_at"],
                "What was sent in stays what it was.",
            ),
            undeletable("imports_stay", "An import is never deleted: it says where fact-checks came from."),
        ]

    def __str__(self) -> str:
        return self.file_name or str(_("Fact-checks"))


class ImportedRecord(models.Model):
    """A record of a file that waits to be taken, or was refused and why. One that was taken is a FactCheck, and its row
    here is gone.
    """

    of = models.ForeignKey(FactCheckImport, models.PROTECT, related_name="records", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("number in the file"))
    place = models.TextField(_("place in the file"))
    # The fields of text.claimreviews.Record; {} for what could not be read.
    record = models.JSONField(_("record"), default=dict, blank=True)
    raw = models.TextField(_("how it begins"), blank=True)
    sentence = models.TextField(_("why it was refused"), blank=True)

    class Meta:
        verbose_name = _("record of an import")
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="one_record_per_import_and_number"),
            models.CheckConstraint(
                name="record_waits_or_says_why", condition=~Q(record={}) | ~Q(sentence__regex=r"^\s*$")
            ),
        ]
        triggers = [
            Guard(
                name="refused_records_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    IF OLD.sentence <> '' THEN
                        {refuse("refused_records_stay", REFUSED_STAY)}
                    END IF;
                    RETURN coalesce(NEW, OLD);
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.place
