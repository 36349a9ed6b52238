"""An article, each text of it exactly as it was received, and who may see it."""

import uuid
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.guards import Guard, forever, refuse, rises, unchanging, undeletable
from factcheck.models.people import Outlet
from factcheck.models.rows import Versioned, web_address

PUBLIC = "A fact-check of this article is public; what is public cannot be made confidential."


def hidden_from(user) -> models.QuerySet:
    """Keys of the confidential articles that do not name this person among their readers; a stranger is in none."""
    secret = Article.objects.filter(confidential=True)
    if user.pk is not None and user.is_active:
        secret = secret.exclude(pk__in=Article.readers.through.objects.filter(user=user).values("article"))
    return secret.values("pk")


class OfArticleQuerySet(models.QuerySet):
    """Rows that belong to an article, or to one for as long as it is confidential.

    A model says by `TO_ARTICLE` how its rows lead there. Every door reads through `visible_to`.
    """

    def visible_to(self, user):
        """Without what belongs to confidential articles that do not name `user`: to them it is not there."""
        return self.exclude(**{f"{self.model.TO_ARTICLE}__in": hidden_from(user)})


class ArticleQuerySet(OfArticleQuerySet):
    def newest_first(self) -> "ArticleQuerySet":
        """Each with the `.title` of its newest text, without loading the text."""
        newest = ArticleVersion.objects.filter(article=models.OuterRef("pk")).order_by("-number")
        return self.annotate(title=models.Subquery(newest.values("title")[:1])).order_by("-pk")


class Article(Versioned):
    """The piece. It has no status: its progress is read from its jobs. Its uuid names its chain in the trail."""

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

    TO_ARTICLE: ClassVar[str] = "pk"
    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        indexes = [models.Index("id", name="confidential_articles", condition=models.Q(confidential=True))]
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
    def current(self) -> "ArticleVersion":
        """The newest text."""
        return self.versions.order_by("-number")[0]


class ArticleVersion(models.Model):
    """One text of an article, immutable. A changed page makes a new version, never an edit."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=1000, blank=True)
    byline = models.CharField(_("byline"), max_length=1000, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_is_guessed = models.BooleanField(_("date inferred, not stated"), default=False)
    language = models.CharField(_("language"), max_length=35)  # BCP 47
    text = models.TextField(_("text"))
    sha256 = models.CharField(_("sha256 of the text (UTF-8)"), max_length=64, db_index=True)
    raw = models.BinaryField(_("bytes as received"))
    raw_sha256 = models.CharField(_("sha256 of the bytes"), max_length=64)
    received_at = models.DateTimeField(_("received"), db_default=Now(), editable=False)

    TO_ARTICLE: ClassVar[str] = "article"
    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of an article")
        verbose_name_plural = _("versions of articles")
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="one_text_per_article_and_number"),
            models.CheckConstraint(name="article_text_is_not_empty", condition=~models.Q(text="")),
            models.CheckConstraint(name="article_numbers_from_one", condition=models.Q(number__gte=1)),
        ]
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
        ]

    def __str__(self) -> str:
        return self.title or str(_("Untitled"))
