"""Lists of sources that were sent in at once, and what became of each row: none is lost, and none is taken twice."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import OfArticleQuerySet
from factcheck.models.guards import arrows, born, forever, unchanging, undeletable
from factcheck.models.sources import Source

ROW_ARROWS = {
    "waiting": frozenset({"added", "known", "refused"}),
    "added": frozenset(),
    "known": frozenset(),
    "refused": frozenset(),
}


class SourceImport(models.Model):
    """One list. It has no status: how far it is, its rows and its job say."""

    name = models.CharField(_("name of the list"), max_length=255)
    # Of the bytes and of what was said of all rows: by it the same list from the same person is known again.
    submission = models.CharField(_("sha256 of what was sent in"), max_length=64, editable=False)
    said = models.JSONField(_("what holds for every row that says nothing else"), default=dict, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who sent it")
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    was_here = False
    """Set by workflow.source_imports.begin on what it returns: this person had sent the same list already."""

    class Meta:
        verbose_name = _("list of sources")
        verbose_name_plural = _("lists of sources")
        constraints = [
            models.UniqueConstraint(
                fields=["sent_by", "submission"], name="one_import_per_list_and_person", nulls_distinct=False
            ),
        ]
        triggers = [forever("source_imports_stay", "What was sent in stays what it was.")]

    def __str__(self) -> str:
        return self.name

    def counts(self) -> dict[str, int]:
        """State of its rows -> how many."""
        found = dict(self.rows.order_by().values_list("state").annotate(Count("pk")))
        return {state: found.get(state, 0) for state in ImportRow.State.values}


class ImportRow(models.Model):
    """One row of a list.

    waiting ──► added       it is a source now
    waiting ──► known       the library had it already
    waiting ──► refused     and why; `raw` is kept, so that it can be put right
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits")
        ADDED = "added", _("Added")
        KNOWN = "known", _("In the library already")
        REFUSED = "refused", _("Refused")

    of = models.ForeignKey(SourceImport, models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField(_("line of the list"))
    raw = models.TextField(_("the row by itself"), blank=True)
    state = models.CharField(_("what became of it"), max_length=10, choices=State, default=State.WAITING)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    sentence = models.TextField(_("why it was refused"), blank=True)

    TO_ARTICLE: ClassVar[str] = "source__confidential_with"
    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a list of sources")
        verbose_name_plural = _("rows of lists of sources")
        constraints = [
            models.UniqueConstraint(fields=["of", "line"], name="one_row_per_list_and_line"),
            models.CheckConstraint(
                name="import_row_says_what_became_of_it",
                condition=Q(state="waiting", source=None, sentence="")
                | Q(state__in=["added", "known"], source__isnull=False, sentence="", raw="")
                | (Q(state="refused", source=None) & ~Q(sentence="")),
            ),
        ]
        indexes = [
            models.Index(fields=["of", "line"], name="import_rows_waiting", condition=Q(state="waiting")),
            models.Index(fields=["of", "line"], name="import_rows_refused", condition=Q(state="refused")),
        ]
        triggers = [
            arrows("import_row_arrows", ROW_ARROWS, column="state"),
            born("import_rows_are_born_waiting", "NEW.state = 'waiting'", "A row of a list waits first."),
            unchanging("import_rows_keep_their_place", ["id", "of_id", "line"], "A row stays in its list."),
            undeletable("import_rows_stay", "What became of a row of a list stays known."),
        ]
