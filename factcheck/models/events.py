"""What changed, in one sequence: by it partners ask for what is new to them, and webhooks are sent."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Max, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import Article, OfArticleQuerySet
from factcheck.models.guards import Guard, refuse, unchanging


class EventQuerySet(OfArticleQuerySet):
    def latest_number(self) -> int:
        """The highest number that was given; 0 before the first."""
        return self.aggregate(latest=Max("seq"))["latest"] or 0


class Event(models.Model):
    """A row of articles, claims or publications was changed. Written by triggers of the tables whose rows are shown
    (guards.told), in the transaction of the change: there is no door past them, and what is rolled back leaves none.

    Thin: it says which row and what became of it, and holds none of its words. So a takedown, an erasure or a decision
    about who sees an article leaves nothing to be cleaned up here; whoever follows an event reads the row as it is
    then, and as far as they see it then.

    `seq` is empty until workflow.events.number() gives it: committed events only, one giver at a time, each number
    above all that were given before and seen by nobody before its transaction ends. So whoever sees a number sees all
    below it, and what commits later, however early it began, comes above: a reader who asks for what is above the last
    number they saw misses nothing. (A serial key would not do: it is taken before COMMIT, and a reader who sees 8 may
    still be about to be shown 7.)

    Of the numbered events of a row only the newest is kept: the row, read at that number, says everything the older
    ones would lead to. So there are never more numbered events than rows, and asking from 0 lists each row once.
    Deliveries of webhooks (models/webhooks.py) copy what they need when the number is given.
    """

    class Kind(models.TextChoices):
        ARTICLE_CHANGED = "article.changed", _("An article was taken in, has a new text, or is seen by others")
        ARTICLE_PROCESSED = "article.processed", _("The machine is through with an article, or a step has failed")
        CLAIM_CHANGED = "claim.changed", _("A claim was found or changed")
        CLAIM_REVIEWED = "claim.reviewed", _("A claim is reviewed: what was found is public")
        PUBLICATION_CHANGED = "publication.changed", _("A publication was superseded by the next one")
        PUBLISHED = "review.published", _("A fact-check is published")
        CORRECTED = "review.corrected", _("A fact-check is corrected or updated by a new one at its address")
        RETRACTED = "review.retracted", _("A fact-check is retracted")
        TAKEN_DOWN = "review.taken_down", _("A fact-check is taken down")

    class Subject(models.TextChoices):
        """Which table `subject_id` is a key of."""

        ARTICLE = "article", _("Article")
        CLAIM = "claim", _("Claim")
        PUBLICATION = "publication", _("Publication")

    kind = models.CharField(_("what happened"), max_length=24, choices=Kind)
    subject = models.CharField(_("kind of row"), max_length=12, choices=Subject)
    subject_id = models.BigIntegerField(_("key of the row"))
    # Written by a trigger that has the article at hand, and no article is ever deleted: nothing to look up at COMMIT.
    article = models.ForeignKey(Article, models.PROTECT, related_name="+", db_constraint=False)
    made_at = models.DateTimeField(_("happened"), db_default=Now(), editable=False)
    seq = models.BigIntegerField(_("number in the sequence"), null=True, unique=True, editable=False)

    TO_ARTICLE: ClassVar[str] = "article"
    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        constraints = [
            models.CheckConstraint(name="event_numbers_from_one", condition=Q(seq__isnull=True) | Q(seq__gte=1)),
        ]
        indexes = [
            models.Index("id", name="events_to_number", condition=Q(seq__isnull=True)),
            models.Index(fields=["subject", "seq"], name="events_in_sequence", include=["subject_id"]),
            models.Index(fields=["subject", "subject_id"], name="events_of_a_row"),
        ]
        triggers = [
            unchanging(
                "events_stay_as_made",
                ["id", "kind", "subject", "subject_id", "article_id", "made_at"],
                "An event stays what it tells, and of what.",
            ),
            Guard(
                name="event_is_numbered_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    IF TG_OP = 'INSERT' AND NEW.seq IS NOT NULL OR TG_OP = 'UPDATE' AND OLD.seq IS NOT NULL THEN
                        {refuse("event_is_numbered_once", "An event is numbered after it is committed, and once.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
