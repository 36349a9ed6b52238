"""Feeds: addresses that are asked again and again for articles, how the last poll went, and which entries were met."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import Article, OfArticleQuerySet
from factcheck.models.guards import forever, rises, unchanging, undeletable
from factcheck.models.people import Outlet
from factcheck.models.rows import Versioned


class FeedQuerySet(models.QuerySet):
    def visible_to(self, user) -> "FeedQuerySet":
        """Feeds are no secret at the desk. What came of them is read as every article is."""
        return self


class Feed(Versioned):
    """What people decide about it. What the machine knows is its Polling, so that a poll changes no version."""

    class Every(models.IntegerChoices):
        """Minutes from one poll to the next."""

        QUARTER = 15, _("every 15 minutes")
        HALF = 30, _("every 30 minutes")
        HOUR = 60, _("every hour")
        THREE_HOURS = 180, _("every 3 hours")
        SIX_HOURS = 360, _("every 6 hours")
        DAY = 1440, _("every day")
        WEEK = 10080, _("every week")

    url = models.URLField(_("address"), max_length=2000)
    name = models.CharField(_("name"), max_length=300, blank=True, help_text=_("Left empty, its own title is shown."))
    outlet = models.ForeignKey(Outlet, models.PROTECT, null=True, blank=True, related_name="feeds")
    every = models.PositiveIntegerField(_("how often it is polled"), choices=Every, default=Every.HOUR)
    is_on = models.BooleanField(_("switched on"), default=True)
    off_because = models.TextField(_("why the machine switched it off"), blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="added_feeds"
    )

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("feed")
        constraints = [
            models.UniqueConstraint(fields=["url"], name="one_feed_per_address"),
            models.CheckConstraint(name="feed_address_is_of_the_web", condition=models.Q(url__regex=r"^https?://")),
            models.CheckConstraint(
                name="feed_is_polled_within_reason", condition=models.Q(every__gte=15, every__lte=10080)
            ),
            models.CheckConstraint(
                name="feed_that_is_on_is_not_off_for_a_reason",
                condition=models.Q(is_on=False) | models.Q(off_because=""),
            ),
        ]
        triggers = [
            rises("a_feed_version_rises"),
            unchanging(
                "feed_address_stays", ["id", "url"], "A feed keeps its address; another address is another feed."
            ),
            undeletable("feeds_stay", "A feed is never deleted; it is switched off."),
        ]

    def __str__(self) -> str:
        return self.name or self.url


class Polling(models.Model):
    """What the machine knows of a feed. Failures are counted in a row; with them the sentence of the last one.

    etag and last_modified are of the newest answer of which nothing was left over: with them the site may say that
    nothing is new.
    """

    feed = models.OneToOneField(Feed, models.PROTECT, primary_key=True, related_name="polling")
    due_at = models.DateTimeField(_("next poll"), db_default=Now(), db_index=True)
    polled_at = models.DateTimeField(_("last poll"), null=True, blank=True)
    changed_at = models.DateTimeField(_("last poll that found something new"), null=True, blank=True)
    title = models.CharField(_("its own title"), max_length=1000, blank=True)
    found = models.PositiveIntegerField(_("new entries at the last poll"), default=0)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    last_error = models.TextField(_("why the last poll failed"), blank=True)
    etag = models.CharField(max_length=1000, blank=True)
    last_modified = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name = _("polling of a feed")
        constraints = [
            models.CheckConstraint(
                name="failed_poll_says_why",
                condition=models.Q(failures=0, last_error="") | (models.Q(failures__gt=0) & ~models.Q(last_error="")),
            ),
        ]


class FeedEntry(models.Model):
    """An entry that was met, so that it is not taken again: what became of it is written with it, for good.

    link, guid: sha256 of its address and of the id that the feed gives it; by either it is known again. article: may
    be one that the desk had already.
    """

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="entries")
    link = models.CharField(_("sha256 of the address"), max_length=64)
    guid = models.CharField(_("sha256 of the id"), max_length=64, blank=True)
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="feed_entries")
    refused = models.TextField(_("why it is no article"), blank=True)
    met_at = models.DateTimeField(_("met"), db_default=Now(), editable=False)

    TO_ARTICLE: ClassVar[str] = "article"
    objects = OfArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a feed")
        verbose_name_plural = _("entries of feeds")
        constraints = [
            models.UniqueConstraint(fields=["feed", "link"], name="one_entry_per_feed_and_address"),
            models.UniqueConstraint(
                fields=["feed", "guid"], name="one_entry_per_feed_and_id", condition=~models.Q(guid="")
            ),
            models.CheckConstraint(
                name="entry_is_an_article_or_says_why_not",
                condition=models.Q(article__isnull=False, refused="")
                | (models.Q(article__isnull=True) & ~models.Q(refused="")),
            ),
        ]
        triggers = [forever("feed_entries_stay", "An entry that was met is never forgotten: it would be taken twice.")]
