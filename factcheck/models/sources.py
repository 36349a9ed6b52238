"""Documents that can settle claims, and their searchable pieces."""

from collections.abc import Iterable
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, HashIndex
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector, SearchVectorField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Cast, Coalesce, Now
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField, HnswIndex

from factcheck.models.articles import Article, OfArticleQuerySet
from factcheck.models.claims import DIMENSIONS
from factcheck.models.guards import born, forever, rises, unchanging, undeletable
from factcheck.models.people import Outlet
from factcheck.models.rows import Versioned, web_address

MARKED = ("\ue000", "\ue001")
"""Around the words of an excerpt that were looked for: of Unicode's private use, which no text should hold."""
RANKED = 2_000
"""Sources that a search puts into the order of how well they fit. To order all that have a common word took six seconds
in a library of 100,000."""
PARTIAL_DATE = r"^(\d{4}(-\d{2}(-\d{2})?)?)?$"


class SourceQuerySet(OfArticleQuerySet):
    def seen_by_partner(self, partner) -> "SourceQuerySet":
        """Those that it added. What is suggested for its claims, the suggestions tell."""
        return self.filter(partner=partner.pk) if partner.is_active else self.none()

    def matching(self, words: str) -> "SourceQuerySet":
        """Those whose title, outlet or passages have all of these words, each with a `.score`, a whole number: higher
        where they stand closer together; 0 beyond the newest RANKED of them, so that a word that stands everywhere is
        answered too. Words as a search engine takes them: "an exact phrase", or, -not.
        """
        query = SearchQuery(words, config="english", search_type="websearch")
        heading = SearchVector("title", config="english")
        of_outlet = Outlet.objects.annotate(words=SearchVector("name", config="english")).filter(words=query)
        keys = (  # each part by its own index
            Passage.objects.filter(tsv=query)
            .order_by()
            .values("source")
            .union(
                Source.objects.annotate(words=heading).filter(words=query).order_by().values("pk"),
                Source.objects.filter(outlet__in=of_outlet).order_by().values("pk"),
            )
        )
        best = (
            Passage.objects.filter(source=models.OuterRef("pk"), tsv=query)
            .order_by()
            .values("source")
            .annotate(rank=models.Max(SearchRank("tsv", query, cover_density=True)))
            .values("rank")
        )
        whole = Cast(Coalesce(models.Subquery(best), 0.0) * 1_000_000, models.BigIntegerField())
        newest = Source.objects.filter(pk__in=keys).order_by("-pk")[:RANKED]
        return self.filter(pk__in=keys).annotate(
            score=models.Case(models.When(pk__in=newest.values("pk"), then=whole), default=models.Value(0))
        )

    def after(self, score: int, pk: int) -> "SourceQuerySet":
        """Of matching() ones, in the order of -score and -pk, those that follow this place."""
        return self.filter(models.Q(score__lt=score) | models.Q(score=score, pk__lt=pk))


class Source(Versioned):
    """A document that can settle claims, or the part of one that a fact-check is (FactCheck says why).

    One that came as an address has no passage, and is UNREAD, until its page was fetched.
    """

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
        UNREAD = "unread", _("Not read yet")
        FOUND = "found", _("Found by a search service; nobody has read it yet")

    title = models.CharField(_("title"), max_length=1000)
    outlet = models.ForeignKey(Outlet, models.PROTECT, null=True, blank=True, related_name="sources")
    url = models.URLField(_("address"), max_length=2000, blank=True)
    part = models.CharField(_("part of the page"), max_length=64, blank=True, editable=False)  # "": all of it
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
    partner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("the partner that added it"),
        help_text=_("The desk sees it too; other partners do not."),
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

    was_here = False
    """Set by workflow.source_documents on what it returns: the same was in the library already."""
    NOT_READ: ClassVar[tuple[str, ...]] = (Seen.UNREAD, Seen.FOUND)
    """Its passages, where it has any, are what a service said of it: they stand by their search, and in no other."""
    TO_ARTICLE: ClassVar[str] = "confidential_with"
    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        indexes = [
            GinIndex(SearchVector("title", config="english"), name="sources_by_words"),
            HashIndex("title", name="sources_by_title"),
        ]
        constraints = [
            # Apart, so that adding an address tells nobody that a confidential article rests on it, and no partner
            # what the desk or another partner has.
            models.UniqueConstraint(
                fields=["url", "part"],
                name="one_source_per_address",
                condition=~models.Q(url="") & models.Q(confidential_with__isnull=True, partner__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["partner", "url"],
                name="one_source_per_address_and_partner",
                condition=~models.Q(url="") & models.Q(partner__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["confidential_with", "url"],
                name="one_source_per_address_and_confidence",
                condition=~models.Q(url="") & models.Q(confidential_with__isnull=False),
            ),
            models.CheckConstraint(
                name="parts_of_pages_are_fact_checks",
                condition=models.Q(part="") | (models.Q(kind="fact_check") & ~models.Q(url="")),
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
                condition=models.Q(seen__in=["page", "mirror", "cited", "memory", "unread", "found"]),
            ),
        ]
        triggers = [
            rises("a_source_version_rises"),
            unchanging(
                "sources_keep_their_key",
                ["id", "confidential_with_id", "partner_id", "part"],
                "A source's key stays: evidence may rest on it.",
            ),
            undeletable("sources_stay", "A source is never deleted: evidence may rest on it."),
        ]

    def __str__(self) -> str:
        return self.title


class SourceCapture(models.Model):
    """The bytes of a source as they came, from an address or as a file, and how. No door serves the bytes."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="captures")
    url = models.CharField(_("address asked"), max_length=2000, blank=True)
    final_url = models.CharField(_("address that answered"), max_length=2000, blank=True)
    file_name = models.CharField(_("name of the file"), max_length=255, blank=True)
    media_type = models.CharField(_("media type"), max_length=255)
    sha256 = models.CharField(_("sha256 of the bytes"), max_length=64)
    raw = models.BinaryField(_("bytes as they came"))
    taken_at = models.DateTimeField(_("taken"), db_default=Now(), editable=False)

    TO_ARTICLE: ClassVar[str] = "source__confidential_with"
    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("capture of a source")
        triggers = [
            forever("source_captures_stay", "What was fetched or sent in stays as it came."),
            born(
                "source_capture_has_its_hash",
                "NEW.sha256 = encode(sha256(NEW.raw), 'hex')",
                "The sha256 of a capture is that of its bytes.",
            ),
        ]


class PassageQuerySet(OfArticleQuerySet):
    def not_read_by(self, model: str) -> "PassageQuerySet":
        """Those that another encoder has read, or none: an index by ranges finds them, which <> would not. What a
        service says of a page that nobody has read is not for reading."""
        other = self.filter(models.Q(model_version__lt=model) | models.Q(model_version__gt=model))
        return other.exclude(source__seen=Source.Seen.FOUND)

    def best_of(self, sources: Iterable[Source], words: str) -> dict[int, "Passage"]:
        """Source -> the passage of it in which the words stand closest together, each with its `.excerpt`: the part
        around them, the words themselves between MARKED. Two queries.
        """
        query = SearchQuery(words, config="english", search_type="websearch")
        ranked = self.filter(source__in=[source.pk for source in sources], tsv=query).annotate(
            rank=SearchRank("tsv", query, cover_density=True)
        )
        best = list(ranked.order_by("source", "-rank", "position").distinct("source").values_list("pk", flat=True))
        start, stop = MARKED
        excerpt = SearchHeadline(
            "text", query, config="english", start_sel=start, stop_sel=stop, max_words=40, min_words=20
        )
        return {each.source_id: each for each in self.filter(pk__in=best).defer("embedding").annotate(excerpt=excerpt)}


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
    objects = PassageQuerySet.as_manager()

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
            models.Index(fields=["model_version"], name="passages_by_model"),
        ]
        triggers = [
            unchanging("passages_keep_their_key", ["id", "source_id"], "A passage stays with its source."),
        ]


class Lexeme(models.Model):
    """In how many indexed passages a lexeme stands: the document frequency that BM25 and rare-word search need. The
    empty word stands for all of them: how many there are."""

    word = models.TextField(primary_key=True)
    passages = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("lexeme")
