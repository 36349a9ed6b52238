"""Lists of sources and files of fact-checks, and what became of each row: none is lost, and none is taken twice."""

from collections.abc import Sequence
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet, is_partner
from factcheck.models.guards import arrows, born, unchanging, undeletable
from factcheck.models.sources import Source

ROW_ARROWS = {
    "waiting": frozenset({"added", "changed", "known", "refused"}),
    "added": frozenset(),
    "changed": frozenset(),
    "known": frozenset(),
    "refused": frozenset(),
}


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ImportQuerySet":
        """The whole desk's to see; of a partner's, its own."""
        return self.filter(sent_by=user.pk) if is_partner(user) else self


class ImportRowQuerySet(OfArticleQuerySet):
    def seen_by_partner(self, partner) -> "ImportRowQuerySet":
        return self.filter(of__sent_by=partner.pk)


class Import(models.Model):
    """What was sent in at once. It has no status: how far it is, its rows and its job say."""

    class Kind(models.TextChoices):
        """What its rows are; workflow/imports.py has a reader for each."""

        SOURCES = "sources", _("List of sources")
        FACT_CHECKS = "fact_checks", _("File of fact-checks")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name of the list or file"), max_length=255, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), null=True, blank=True)
    # Of the bytes and of what was said of all rows: by it the same is known again.
    submission = models.CharField(_("sha256 of what was sent in"), max_length=64, editable=False)
    said = models.JSONField(_("what holds for every row that says nothing else"), default=dict, blank=True)
    # {what became of them: how many}. Rows that stand again further down are "repeated" and have none of their own, and
    # neither have fact-checks that were taken in before each row was kept.
    without_row = models.JSONField(_("rows that are only counted"), default=dict, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who sent it")
    )
    act = models.UUIDField(_("act"), editable=False)  # what the trail says of any row belongs to it
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    was_here = False
    """Set by workflow.imports.begin on what it returns: the same is being taken in already."""

    class Meta:
        verbose_name = _("import")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "submission"],
                name="the_same_is_imported_once_at_a_time",
                condition=Q(finished_at=None),
            ),
            models.CheckConstraint(name="import_kind_is_known", condition=Q(kind__in=["sources", "fact_checks"])),
        ]
        triggers = [
            unchanging(
                "imports_stay_what_was_sent",
                ["id", "kind", "name", "size", "submission", "said", "without_row", "sent_by_id", "act", "created_at"],
                "What was sent in stays what it was.",
            ),
            undeletable("imports_stay", "An import is never deleted: it says where sources came from."),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())

    def counts(self) -> dict[str, int]:
        """What became of its rows -> how many."""
        return self.counts_of([self])[self.pk]

    @staticmethod
    def counts_of(some: "Sequence[Import]") -> dict[int, dict[str, int]]:
        """counts() of each, by its key. One query."""
        rows = ImportRow.objects.filter(of__in=some).order_by().values_list("of", "state")
        found = {(made, state): count for made, state, count in rows.annotate(count=Count("pk"))}
        named = [*ImportRow.State.values, "repeated"]
        return {
            made.pk: {state: found.get((made.pk, state), 0) + made.without_row.get(state, 0) for state in named}
            for made in some
        }


class ImportRow(models.Model):
    """One row of a list, or one record of a file.

    waiting ──► added       it is a source now
    waiting ──► changed     the library had it, and it says something else now
    waiting ──► known       the library had it already
    waiting ──► refused     and why; `raw` is kept, so that it can be put right. What cannot even be read is born so
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits")
        ADDED = "added", _("Added")
        CHANGED = "changed", _("Brought up to date")
        KNOWN = "known", _("In the library already")
        REFUSED = "refused", _("Refused")

    of = models.ForeignKey(Import, models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField(_("number of the row"))
    place = models.TextField(_("place in the file, where that is no line"), blank=True)
    raw = models.TextField(_("the row by itself"), blank=True)
    state = models.CharField(_("what became of it"), max_length=10, choices=State, default=State.WAITING)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    sentence = models.TextField(_("why it was refused"), blank=True)

    TO_ARTICLE: ClassVar[str] = "source__confidential_with"
    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        constraints = [
            models.UniqueConstraint(fields=["of", "line"], name="one_row_per_list_and_line"),
            models.CheckConstraint(
                name="import_row_says_what_became_of_it",
                condition=Q(state="waiting", source=None, sentence="")
                | Q(state__in=["added", "changed", "known"], source__isnull=False, sentence="", raw="")
                | (Q(state="refused", source=None) & ~Q(sentence="")),
            ),
        ]
        indexes = [
            models.Index(fields=["of", "line"], name="import_rows_waiting", condition=Q(state="waiting")),
            models.Index(fields=["of", "line"], name="import_rows_refused", condition=Q(state="refused")),
        ]
        triggers = [
            arrows("import_row_arrows", ROW_ARROWS, column="state"),
            born(
                "import_rows_are_born_waiting",
                "NEW.state IN ('waiting', 'refused')",
                "A row waits first, or is refused because it cannot be read.",
            ),
            unchanging("import_rows_keep_their_place", ["id", "of_id", "line", "place"], "A row stays in its list."),
            undeletable("import_rows_stay", "What became of a row of a list stays known."),
        ]
