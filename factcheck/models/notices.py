"""Who follows what, what each was told of it, and how each wants to be told."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import Article, OfArticleQuerySet, hidden_from
from factcheck.models.claims import Claim
from factcheck.models.guards import Guard, refuse, unchanging, undeletable
from factcheck.models.jobs import Job
from factcheck.models.requests import ReaderRequest


class AboutQuerySet(OfArticleQuerySet):
    """Rows of one person about a claim, an article or a job. They are that person's alone."""

    def visible_to(self, user) -> "AboutQuerySet":
        """The person's own, without those about a confidential article that does not name them (any more)."""
        return self.filter(person=user.pk).still_seen_by(user)

    def still_seen_by(self, user) -> "AboutQuerySet":
        seen, hidden = self, hidden_from(user)
        for path in self.model.TO_ARTICLES:
            seen = seen.exclude(**{f"{path}__in": hidden})
        return seen


class Follow(models.Model):
    """A person wants to be told what happens to a claim, or to an article and each of its claims."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="follows")
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="follows")
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="follows")
    since = models.DateTimeField(db_default=Now(), editable=False)

    TO_ARTICLES: ClassVar[tuple[str, ...]] = ("claim__article", "article")
    objects = AboutQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow")
        constraints = [
            models.UniqueConstraint(fields=["person", "claim"], name="a_claim_is_followed_once"),
            models.UniqueConstraint(fields=["person", "article"], name="an_article_is_followed_once"),
            models.CheckConstraint(
                name="one_thing_is_followed",
                condition=Q(claim__isnull=False, article__isnull=True) | Q(claim__isnull=True, article__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.claim or self.article)


def only(named: str) -> Q:
    """A notice is about this, and about nothing else."""
    return Q(**{f"{about}__isnull": about != named for about in ("claim", "article", "job", "readerrequest")})


class NoticeQuerySet(AboutQuerySet):
    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)

    def due(self) -> "NoticeQuerySet":
        """To be mailed now. What was read in the meantime is not mailed any more."""
        return self.filter(mailed_at__isnull=True, read_at__isnull=True, due_at__lte=Now(), person__is_active=True)


class Notice(models.Model):
    """Something happened that concerns a person. Each person is told of each event once, and of nothing they did.

    `event` names what happened, the same in each retry: `comment-12`, `review-5-approved-8`. `due_at`: when it is to be
    mailed; empty for what only stands in the page. Nothing of an article's text is kept here.
    """

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", _("A claim is put into your hands")
        MENTIONED = "mentioned", _("Somebody mentions you")
        COMMENTED = "commented", _("A comment on something that you follow")
        CHANGES_REQUESTED = "changes_requested", _("Changes are requested")
        APPROVED = "approved", _("A review is approved")
        PUBLISHED = "published", _("A fact-check is published")
        RETRACTED = "retracted", _("A fact-check is retracted")
        TAKEN_DOWN = "taken_down", _("A fact-check is taken down")
        NOT_PUBLISHED = "not_published", _("A fact-check did not go out at its hour (for editors)")
        PAGE_CHANGED = "page_changed", _("An article’s page has changed")
        ORPHANED = "orphaned", _("A claim’s words are not in its article any more")
        REVIEW_AGAIN = "review_again", _("A published fact-check is to be looked at again (for editors)")
        DEAD_JOB = "dead_job", _("A step of the machine has failed for good (for editors)")
        READER_REQUEST = (
            "reader_request",
            _("A reader asks for a correction, or tells the desk something (for editors)"),
        )

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    kind = models.CharField(_("what happened"), max_length=20, choices=Kind)
    event = models.CharField(_("event"), max_length=100)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="+")
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="+")
    job = models.ForeignKey(Job, models.PROTECT, null=True, blank=True, related_name="+")
    readerrequest = models.ForeignKey(ReaderRequest, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    due_at = models.DateTimeField(_("to be mailed"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField(_("attempts to mail it"), default=0)

    TO_ARTICLES: ClassVar[tuple[str, ...]] = ("claim__article", "article", "job__article")
    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        constraints = [
            models.UniqueConstraint(fields=["person", "event"], name="told_once"),
            models.CheckConstraint(
                name="nobody_is_told_what_they_did", condition=Q(by__isnull=True) | ~Q(by=F("person"))
            ),
            models.CheckConstraint(
                name="a_notice_is_about_one_thing",
                condition=only("claim") | only("article") | only("job") | only("readerrequest"),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="notices_by_person"),
            models.Index("person", name="notices_unread", condition=Q(read_at__isnull=True)),
            models.Index("due_at", name="notices_due", condition=Q(mailed_at__isnull=True, read_at__isnull=True)),
        ]
        triggers = [
            unchanging(
                "notices_stay_as_told",
                [
                    "id",
                    "person_id",
                    "kind",
                    "event",
                    "by_id",
                    "claim_id",
                    "article_id",
                    "job_id",
                    "readerrequest_id",
                    "made_at",
                ],
                "A notice stays what it told, and whom.",
            ),
            undeletable("notices_stay", "A notice is never deleted: nobody is told the same again."),
            Guard(
                name="notices_are_mailed_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.mailed_at IS NOT NULL AND NEW.mailed_at IS DISTINCT FROM OLD.mailed_at THEN
                        {refuse("notices_are_mailed_once", "This notice was mailed already.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


def mailed_at_once() -> list[str]:
    return [Notice.Kind.ASSIGNED, Notice.Kind.MENTIONED, Notice.Kind.CHANGES_REQUESTED]


def mailed_daily() -> list[str]:
    return [kind for kind in Notice.Kind.values if kind not in mailed_at_once()]


class NoticeSettings(models.Model):
    """How a person wants to be told; without a row, by the defaults. A kind in neither list is on the page only."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="notice_settings"
    )
    at_once = ArrayField(models.CharField(max_length=20), verbose_name=_("mailed at once"), default=mailed_at_once)
    daily = ArrayField(models.CharField(max_length=20), verbose_name=_("in the daily digest"), default=mailed_daily)
    hour = models.PositiveSmallIntegerField(
        _("hour of the digest, in the desk’s time zone"), default=8, validators=[MaxValueValidator(23)]
    )

    class Meta:
        verbose_name = _("settings for notices")
        verbose_name_plural = _("settings for notices")
        constraints = [
            models.CheckConstraint(name="hour_is_of_a_day", condition=Q(hour__lte=23)),
            models.CheckConstraint(name="a_kind_is_mailed_one_way", condition=~Q(at_once__overlap=F("daily"))),
        ]

    def __str__(self) -> str:
        return str(self.person)
