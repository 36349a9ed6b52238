"""What the desk says about itself, in its own words, version by version."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.guards import Guard, forever, refuse
from factcheck.models.people import Desk

NEXT_VERSION = "The versions of a page are numbered one after the other: somebody else has written one."


class DeskPageQuerySet(models.QuerySet):
    def newest(self) -> "DeskPageQuerySet":
        """Of each page the version that stands."""
        newer = DeskPage.objects.filter(kind=OuterRef("kind"), version__gt=OuterRef("version"))
        return self.filter(~models.Exists(newer))

    def finished(self) -> "DeskPageQuerySet":
        """Versions without a place that is still to be filled in, such as [[who pays]]: what the public reads."""
        return self.exclude(text__regex=r"\[\[[^\]]*\]\](?!\()")


class DeskPage(models.Model):
    """One version of one page, in Markdown; of the method with the checklist that goes with it. Versions are added and
    never changed: a fact-check names the version of the method by which it was made, and a reader can look at it years
    later.
    """

    class Kind(models.TextChoices):
        METHOD = "method", _("How we check")
        ABOUT = "about", _("About the desk")
        CORRECTIONS = "corrections-policy", _("Corrections policy")
        FUNDING = "funding", _("Who pays for the desk")
        CONTACT = "contact", _("Contact")
        # The desk's own words on each commitment of the IFCN's Code of Principles: read inside (self-assessment).
        ON_FAIRNESS = "on-fairness", _("On nonpartisanship and fairness")
        ON_SOURCES = "on-sources", _("On sources")
        ON_ORGANISATION = "on-organisation", _("On funding and organisation")
        ON_METHOD = "on-method", _("On methodology")
        ON_CORRECTIONS = "on-corrections", _("On corrections")

    PUBLIC = (Kind.METHOD, Kind.ABOUT, Kind.CORRECTIONS, Kind.FUNDING, Kind.CONTACT)

    desk = models.ForeignKey(Desk, models.PROTECT, default=1, related_name="pages")
    kind = models.CharField(_("page"), max_length=20, choices=Kind)
    version = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"))
    checklist = ArrayField(
        models.CharField(max_length=1000), verbose_name=_("steps that every review answers"), default=list, blank=True
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )  # None: came with the desk
    written_at = models.DateTimeField(_("written"), db_default=Now(), editable=False)

    objects = DeskPageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page of the desk")
        verbose_name_plural = _("pages of the desk")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_text_per_page_and_version"),
            models.CheckConstraint(
                name="a_page_says_something", condition=~models.Q(text__regex=r"^\s*$") & models.Q(version__gte=1)
            ),
            models.CheckConstraint(
                name="only_the_method_has_a_checklist", condition=models.Q(kind="method") | models.Q(checklist=[])
            ),
        ]
        triggers = [
            forever("desk_pages_stay", "What a page of the desk said stays: write its next version."),
            Guard(
                name="desk_page_takes_the_next_version",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("newest", "bigint")],
                func=f"""
                    SELECT coalesce(max(version), 0) INTO newest FROM factcheck_deskpage WHERE kind = NEW.kind;
                    IF NEW.version <> newest + 1 THEN
                        {refuse("desk_page_takes_the_next_version", NEXT_VERSION)}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.version}"
