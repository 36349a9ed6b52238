"""An article, each text of it exactly as it was received and how it came, and who may see it."""

import uuid
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.guards import Guard, born, forever, refuse, rises, unchanging, undeletable
from factcheck.models.people import Outlet, Role
from factcheck.models.rows import Versioned, web_address

PUBLIC = "A fact-check of this article is public; what is public cannot be made confidential."


def is_partner(user) -> bool:
    """False for strangers, and for None: the operator or the machine."""
    return getattr(user, "role", "") == Role.PARTNER


def hidden_from(user) -> models.QuerySet:
    """Keys of the articles that are not there for this person: confidential ones that do not name them among their
    readers, and a stranger is in none; for a partner all that it did not send in itself.
    """
    if is_partner(user):
        return Article.objects.exclude(pk__in=sent_in_by(user)).values("pk")
    secret = Article.objects.filter(confidential=True)
    if user.pk is not None and user.is_active:
        secret = secret.exclude(pk__in=Article.readers.through.objects.filter(user=user).values("article"))
    return secret.values("pk")


def sent_in_by(partner) -> models.QuerySet:
    """Keys of the partner's articles. It sees them for as long as it may log in, confidential ones too: they are its
    own words."""
    own = Article.objects.filter(submitted_by=partner.pk) if partner.is_active else Article.objects.none()
    return own.values("pk")


class OfArticleQuerySet(models.QuerySet):
    """Rows that belong to an article, or to one for as long as it is confidential.

    A model says by `TO_ARTICLE` how its rows lead there. Every door reads through `visible_to`.
    """

    def visible_to(self, user):
        """Without what belongs to confidential articles that do not name `user`: to them it is not there. For a partner
        nothing is but seen_by_partner().
        """
        if is_partner(user):
            return self.seen_by_partner(user)
        return self.exclude(**{f"{self.model.TO_ARTICLE}__in": hidden_from(user)})

    def seen_by_partner(self, partner):
        """Of its own articles, where the model says that PARTNERS_SEE its rows: no draft, no plan, no comment does."""
        if not getattr(self.model, "PARTNERS_SEE", False):
            return self.none()
        return self.filter(**{f"{self.model.TO_ARTICLE}__in": sent_in_by(partner)})


class ArticleQuerySet(OfArticleQuerySet):
    def newest_first(self) -> "ArticleQuerySet":
        """Each with the `.title` of its newest text, without loading the text."""
        newest = ArticleVersion.objects.filter(article=models.OuterRef("pk")).order_by("-number")
        return self.annotate(title=models.Subquery(newest.values("title")[:1])).order_by("-pk")

    def like(self, article: "Article", version: "ArticleVersion | None") -> "ArticleQuerySet":
        """Others that brought the same text, or whose page wants to be known under the same address. version: the
        article's newest.
        """
        texts = ArticleVersion.objects.filter(sha256=version.sha256 if version else "")
        addresses = {address for address in (version.canonical_url if version else "", article.url) if address}
        keys = texts.values("article").union(  # each part by its own index
            ArticleVersion.objects.filter(canonical_url__in=addresses).values("article"),
            Article.objects.filter(url__in=addresses).values("pk"),
        )
        return self.filter(pk__in=keys).exclude(pk=article.pk)


class Article(Versioned):
    """The piece. It has no status: its progress is read from its jobs. Its uuid names its chain in the trail.

    One that came as an address has no text until its page was fetched.
    """

    class OutsideSearch(models.TextChoices):
        """Whether the article's claims may be sent to services outside the desk."""

        ALLOWED = "allowed", _("Allowed")
        NEVER = "never", _("Never")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    outlet = models.ForeignKey(Outlet, models.PROTECT, null=True, blank=True, related_name="articles")
    url = models.URLField(_("address"), max_length=2000, blank=True)
    note = models.TextField(_("how the text reached the desk"), blank=True)
    confidential = models.BooleanField(
        _("confidential"), default=False, help_text=_("Seen by its readers only, and never sent outside.")
    )
    readers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name=_("who sees it while it is confidential")
    )
    outside_search = models.CharField(
        _("outside search"), max_length=10, choices=OutsideSearch, default=OutsideSearch.ALLOWED
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="submitted_articles"
    )
    # By it the same submission by the same person is known again; "" for articles from before there was one.
    submission = models.CharField(_("sha256 of what was sent in"), max_length=64, blank=True, editable=False)
    # What the sender says of a page that is still to be fetched (workflow.versions.Said).
    said = models.JSONField(_("what the sender says of it"), default=dict, blank=True, editable=False)

    sent_before = False
    """Set by workflow.articles.ingest on what it returns: this person had sent the same in already."""
    other_readers = False
    """Likewise: and named others who see it, which changed nothing."""
    TO_ARTICLE: ClassVar[str] = "pk"
    PARTNERS_SEE: ClassVar[bool] = True
    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        indexes = [
            models.Index("id", name="confidential_articles", condition=models.Q(confidential=True)),
            HashIndex("url", name="articles_by_address"),
            models.Index("submission", name="articles_by_submission", condition=~models.Q(submission="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="confidential_is_never_sent_outside",
                condition=models.Q(confidential=False) | models.Q(outside_search="never"),
            ),
            models.CheckConstraint(
                name="outside_search_is_known",
                condition=models.Q(outside_search__in=["allowed", "never"]),
            ),
            web_address("article_address_is_of_the_web"),
        ]
        triggers = [
            rises("a_article_version_rises"),
            unchanging("article_uuid_stays", ["id", "uuid"], "An article keeps its uuid: its trail is filed under it."),
            unchanging("article_submission_stays", ["submission", "said"], "What was sent in stays what it was."),
            undeletable("articles_stay", "An article is never deleted."),
            Guard(
                name="what_is_public_is_not_confidential",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF NEW.confidential AND NOT OLD.confidential AND EXISTS (
                        SELECT FROM factcheck_publication publication
                        JOIN factcheck_claimreview review ON review.id = publication.review_id
                        JOIN factcheck_claim claim ON claim.id = review.claim_id
                        WHERE claim.article_id = NEW.id
                    ) THEN
                        {refuse("what_is_public_is_not_confidential", PUBLIC)}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    @property
    def article_key(self) -> int:
        return self.pk

    @property
    def newest(self) -> "ArticleVersion | None":
        """The newest text without the bytes that it was read from; None while its page was not fetched."""
        return self.versions.defer("raw").order_by("-number").first()

    @property
    def current(self) -> "ArticleVersion":
        """The newest text of an article that has one: whatever has claims does."""
        return self.versions.order_by("-number")[0]


class Capture(models.Model):
    """How the bytes of one version came to the desk. The bytes are the version's `raw`; no door serves them."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="captures")
    url = models.TextField(_("address asked"), blank=True)
    final_url = models.TextField(_("address that answered"), blank=True)
    file_name = models.CharField(_("name of the file"), max_length=255, blank=True)
    media_type = models.CharField(_("media type"), max_length=255)
    headers = models.JSONField(_("headers of the answer, as pairs"), default=list)
    sha256 = models.CharField(_("sha256 of the bytes"), max_length=64)
    captured_at = models.DateTimeField(_("came"), db_default=Now(), editable=False)

    TO_ARTICLE: ClassVar[str] = "article"
    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("capture")
        triggers = [
            forever("captures_stay", "What is known of how a text came is never changed."),
            born(
                "captures_keep_no_cookies",
                'NOT jsonb_path_exists(NEW.headers, \'$[*][0] ? (@ like_regex "cookie" flag "i")\')',
                "A capture keeps no cookies: they are secrets between two machines.",
            ),
        ]

    def __str__(self) -> str:
        return self.final_url or self.file_name or self.media_type


class ArticleVersion(models.Model):
    """One text of an article, immutable. A changed page makes a new version, never an edit."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=1000, blank=True)
    byline = models.CharField(_("byline"), max_length=1000, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_is_guessed = models.BooleanField(_("date inferred, not stated"), default=False)
    modified_at = models.DateTimeField(_("changed by its publisher"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=35)  # BCP 47
    canonical_url = models.CharField(_("canonical address"), max_length=2000, blank=True)
    # Field -> where it was found, in the words of text.extraction.Source, or "sender". What is not known has none.
    origins = models.JSONField(_("where each detail comes from"), default=dict, blank=True)
    text = models.TextField(_("text"))
    # [{"kind", "level", "start", "end"}], in code points of the text, in its order; [] for plain text.
    blocks = models.JSONField(_("blocks"), default=list, blank=True)
    sha256 = models.CharField(_("sha256 of the text (UTF-8)"), max_length=64, db_index=True)
    raw = models.BinaryField(_("bytes as received"))
    raw_sha256 = models.CharField(_("sha256 of the bytes"), max_length=64)
    received_at = models.DateTimeField(_("received"), db_default=Now(), editable=False)
    capture = models.OneToOneField(Capture, models.PROTECT, null=True, blank=True, related_name="version")

    TO_ARTICLE: ClassVar[str] = "article"
    PARTNERS_SEE: ClassVar[bool] = True
    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of an article")
        verbose_name_plural = _("versions of articles")
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="one_text_per_article_and_number"),
            models.CheckConstraint(name="article_text_is_not_empty", condition=~models.Q(text="")),
            models.CheckConstraint(name="article_numbers_from_one", condition=models.Q(number__gte=1)),
            models.CheckConstraint(
                name="canonical_address_is_of_the_web",
                condition=models.Q(canonical_url="") | models.Q(canonical_url__regex=r"^https?://"),
            ),
        ]
        indexes = [HashIndex("canonical_url", name="texts_by_canonical_address")]
        triggers = [
            forever(
                "article_texts_stay",
                "The text of an article is never changed; a changed page is a new version.",
            ),
            Guard(
                name="article_text_has_its_hash",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NEW.sha256 <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex')
                       OR NEW.raw_sha256 <> encode(sha256(NEW.raw), 'hex') THEN
                        {refuse("article_text_has_its_hash", "The sha256 of an article's text does not match it.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="article_text_has_its_capture",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NEW.capture_id IS NOT NULL AND NOT EXISTS (
                        SELECT FROM factcheck_capture capture
                        WHERE capture.id = NEW.capture_id AND capture.article_id = NEW.article_id
                          AND capture.sha256 = NEW.raw_sha256
                    ) THEN
                        {refuse("article_text_has_its_capture", "A text's capture is of its own article and bytes.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Untitled"))
