"""Machine steps. PostgreSQL is the truth about them; the broker only hints that there is something to do."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import Article, OfArticleQuerySet, sent_in_by
from factcheck.models.guards import Guard, arrows, born, refuse, unchanging, undeletable
from factcheck.models.sources import Source


def default_max_attempts() -> int:
    return settings.JOB_MAX_ATTEMPTS


JOB_ARROWS = {
    "queued": frozenset({"running"}),
    "running": frozenset({"queued", "done", "dead"}),
    "done": frozenset(),
    "dead": frozenset({"queued"}),
}


class JobQuerySet(OfArticleQuerySet):
    def seen_by_partner(self, partner) -> "JobQuerySet":
        """What its articles wait for, and the reading of sources that it added."""
        added = Source.objects.visible_to(partner).values("pk")
        of_articles = Q(article__in=sent_in_by(partner)) & ~Q(kind__in=Job.BESIDE)
        return self.filter(of_articles | Q(kind__in=(Job.Kind.READ, Job.Kind.INDEX), target__in=added))


class Job(models.Model):
    """One machine step for one row.

        queued ──► running ──► done
        running ──► queued      an error, with a later due time; or its lease is over
        running ──► dead        as above, and no attempt is left; or an error that another attempt cannot mend
        dead ──► queued         a person replays it: max_attempts is raised, attempts never go down

    A worker owns a running job until `lease_until`, and writes only while `attempts` is still the number it took.
    A failure is a state of the job. It is never a verdict, and never "no sources found".
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        DEAD = "dead", _("Dead")

    class Kind(models.TextChoices):
        """What is done, and which table `target` is a key of."""

        FETCH = "fetch", _("Fetch the page")  # Article
        SPLIT = "split", _("Split a text into claims")  # ArticleVersion
        SUGGEST = "suggest", _("Find sources in the library")  # ArticleVersion
        PAIR = "pair", _("Find the same claims elsewhere")  # ArticleVersion
        READ = "read", _("Fetch the page of a source")  # Source
        IMPORT = "import", _("Take in a list or a file of fact-checks")  # Import
        INDEX = "index", _("Make a source searchable")  # Source
        POLL = "poll", _("Poll a feed")  # Feed
        SEARCH = "search", _("Ask a service outside")  # Search
        LINK = "link", _("Look at a printed address")  # LinkCheck

    # Steps that no article waits for until it is read: the pages of its claims tell of them.
    BESIDE: ClassVar[tuple[str, ...]] = (Kind.SEARCH, Kind.READ, Kind.LINK)
    TRANSITIONS = JOB_ARROWS

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    target = models.BigIntegerField(_("key of the row it works on"))
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="jobs")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    queue = models.CharField(_("queue"), max_length=20)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    max_attempts = models.PositiveIntegerField(_("attempts allowed"), default=default_max_attempts)
    due_at = models.DateTimeField(_("due"), db_default=Now())
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    TO_ARTICLE: ClassVar[str] = "article"
    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target"],
                name="one_live_job_per_kind_and_row",
                condition=Q(state__in=["queued", "running", "dead"]),
            ),
            models.CheckConstraint(
                name="job_state_is_known", condition=Q(state__in=["queued", "running", "done", "dead"])
            ),
            models.CheckConstraint(
                name="job_is_leased_while_it_runs",
                condition=Q(state="running", lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="job_is_finished_when_done",
                condition=Q(state="done", finished_at__isnull=False) | (~Q(state="done") & Q(finished_at__isnull=True)),
            ),
            models.CheckConstraint(name="job_attempts_within_bounds", condition=Q(attempts__lte=F("max_attempts"))),
        ]
        indexes = [
            models.Index("due_at", name="jobs_due", condition=Q(state="queued")),
            models.Index("lease_until", name="jobs_leased", condition=Q(state="running")),
            models.Index("state", name="jobs_dead", condition=Q(state="dead")),
        ]
        triggers = [
            arrows("job_arrows", JOB_ARROWS, column="state"),
            born(
                "jobs_are_born_queued",
                "NEW.state = 'queued' AND NEW.attempts = 0",
                "A job is born queued and untried.",
            ),
            undeletable("jobs_stay", "A job is never deleted: it says what the machine did."),
            unchanging("jobs_keep_their_step", ["id", "kind", "target", "article_id"], "A job stays with its step."),
            Guard(
                name="job_attempts_never_go_down",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF NEW.max_attempts < OLD.max_attempts OR NEW.attempts <> OLD.attempts
                       + (CASE WHEN OLD.state = 'queued' AND NEW.state = 'running' THEN 1 ELSE 0 END) THEN
                        {refuse("job_attempts_never_go_down", "Each taking of a job counts as one attempt, for good.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.target}"
