"""Documents that can settle claims, and their searchable pieces."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField, HnswIndex

from factcheck.models.articles import Article, OfArticleQuerySet
from factcheck.models.claims import DIMENSIONS
from factcheck.models.guards import rises, unchanging, undeletable
from factcheck.models.people import Outlet
from factcheck.models.rows import Versioned, web_address

PARTIAL_DATE = r"^(\d{4}(-\d{2}(-\d{2})?)?)?$"


class Source(Versioned):
    """A document that can settle claims."""

    class Kind(models.TextChoices):
        PRIMARY = "primary", _("Primary document")
        DATASET = "dataset", _("Dataset")
        SECONDARY = "secondary", _("Secondary report")
        FACT_CHECK = "fact_check", _("Earlier fact-check")

    class Seen(models.TextChoices):
        """Whether somebody has read the document itself. Shown wherever it is not PAGE."""

        PAGE = "page", _("The page itself was read")
        MIRROR = "mirror", _("Read on another site that carries it")
        CITED = "cited", _("Not read: known from a document that cites it")
        MEMORY = "memory", _("Not read: from memory, to be confirmed")
        FOUND = "found", _("Found by a search service; nobody has read it yet")

    title = models.CharField(_("title"), max_length=1000)
    outlet = models.ForeignKey(Outlet, models.PROTECT, null=True, blank=True, related_name="sources")
    url = models.URLField(_("address"), max_length=2000, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    seen = models.CharField(_("seen"), max_length=10, choices=Seen)
    published = models.CharField(
        _("published"),
        max_length=10,
        blank=True,
        validators=[RegexValidator(PARTIAL_DATE)],
        help_text=_("ISO date as far as it is known: 2024, 2024-05 or 2024-05-14"),
    )
    licence = models.CharField(_("licence"), max_length=500, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="added_sources"
    )
    confidential_with = models.ForeignKey(
        Article,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("found for the confidential article"),
        help_text=_("While that article is confidential, only its readers see this source."),
    )

    TO_ARTICLE: ClassVar[str] = "confidential_with"
    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        constraints = [
            # Apart, so that adding an address tells nobody that a confidential article rests on it.
            models.UniqueConstraint(
                fields=["url"],
                name="one_source_per_address",
                condition=~models.Q(url="") & models.Q(confidential_with__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["confidential_with", "url"],
                name="one_source_per_address_and_confidence",
                condition=~models.Q(url="") & models.Q(confidential_with__isnull=False),
            ),
            web_address("source_address_is_of_the_web"),
            models.CheckConstraint(
                name="published_is_a_partial_date", condition=models.Q(published__regex=PARTIAL_DATE)
            ),
            models.CheckConstraint(
                name="source_kind_is_known",
                condition=models.Q(kind__in=["primary", "dataset", "secondary", "fact_check"]),
            ),
            models.CheckConstraint(
                name="source_seen_is_known",
                condition=models.Q(seen__in=["page", "mirror", "cited", "memory", "found"]),
            ),
        ]
        triggers = [
            rises("a_source_version_rises"),
            unchanging(
                "sources_keep_their_key",
                ["id", "confidential_with_id"],
                "A source's key stays: evidence may rest on it.",
            ),
            undeletable("sources_stay", "A source is never deleted: evidence may rest on it."),
        ]

    def __str__(self) -> str:
        return self.title


class Passage(models.Model):
    """A searchable piece of a source. A summary can be found, is labelled, and is never quoted."""

    class Wording(models.TextChoices):
        ORIGINAL = "original", _("Original words")
        SUMMARY = "summary", _("Summary in our words")

    source = models.ForeignKey(Source, models.PROTECT, related_name="passages")
    position = models.PositiveIntegerField(_("position"))
    heading = models.CharField(_("title of the source, and heading it stands under"), max_length=1000, blank=True)
    text = models.TextField(_("text"))
    wording = models.CharField(_("wording"), max_length=10, choices=Wording)
    tsv = models.GeneratedField(
        expression=SearchVector("heading", "text", config="english"), output_field=SearchVectorField(), db_persist=True
    )
    # NULL until the index job has read it; a passage without it is found by its words alone.
    embedding = HalfVectorField(dimensions=DIMENSIONS, null=True, editable=False)
    model_version = models.CharField(_("embedded by"), max_length=200, blank=True, editable=False)

    TO_ARTICLE: ClassVar[str] = "source__confidential_with"
    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("passage")
        constraints = [
            models.UniqueConstraint(fields=["source", "position"], name="one_passage_per_source_and_position"),
            models.CheckConstraint(name="passage_text_is_not_empty", condition=~models.Q(text="")),
            models.CheckConstraint(
                name="passage_wording_is_known", condition=models.Q(wording__in=["original", "summary"])
            ),
        ]
        indexes = [
            GinIndex(fields=["tsv"], name="passages_by_words", fastupdate=False),
            HnswIndex(fields=["embedding"], name="passages_by_meaning", opclasses=["halfvec_cosine_ops"]),
        ]
        triggers = [
            unchanging("passages_keep_their_key", ["id", "source_id"], "A passage stays with its source."),
        ]


class Lexeme(models.Model):
    """In how many indexed passages a lexeme stands: the document frequency that BM25 and rare-word search need."""

    word = models.TextField(primary_key=True)
    passages = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("lexeme")
