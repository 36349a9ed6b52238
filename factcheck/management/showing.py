"""What the commands share in showing: waiting with a bar, and the table of an article's claims."""

import time
from collections.abc import Iterable

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.db.models import Count, Prefetch, Q
from django.db.models.functions import Now
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from factcheck.exceptions import DeskError
from factcheck.models import Article, Claim, Job, Suggestion, User
from factcheck.retrieval.ranking import why

PATIENCE = 60  # seconds in which nothing runs and nothing is finished


class DeskCommand(BaseCommand):
    """A command that says in words what a newcomer meets first: the desk is not running; the desk refuses."""

    failure = 1  # the exit code of both

    def execute(self, *args, **options):
        try:
            return super().execute(*args, **options)
        except OperationalError as error:
            said = "The database does not answer: is the desk running? (`make run` starts it.)"
            raise CommandError(said, returncode=self.failure) from error
        except DeskError as error:
            raise CommandError(str(error), returncode=self.failure) from error

    @staticmethod
    def person(email: str) -> User | None:
        """Of this address; None for "". Raises CommandError."""
        if not email:
            return None
        try:
            return User.objects.get_by_natural_key(email)
        except User.DoesNotExist:
            raise CommandError(f"Nobody here has the e-mail address {email}.") from None


def console(stream) -> Console:
    """Colours and the terminal's width where there is one; a fixed width in a pipe or a log."""
    return Console(file=stream, width=None if stream.isatty() else 140, highlight=False)


def wait_for(jobs, what: str, out: Console) -> None:
    """Show a bar until every job of the queryset is done or dead (steps may add further ones while we wait).

    Raises CommandError when nothing moves or runs for PATIENCE seconds: then no worker is there.
    """
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True) as progress:
        bar, finished, moved = progress.add_task(what, total=None), -1, time.monotonic()
        while True:
            counts = jobs.aggregate(
                all=Count("pk"), finished=Count("pk", filter=Q(state__in=[Job.State.DONE, Job.State.DEAD]))
            )
            retried = jobs.exclude(state=Job.State.DONE).exclude(last_error="").first()
            trouble = f" – a step failed and is tried again: {retried.last_error[:60]}" if retried else ""
            progress.update(bar, description=what + trouble, total=counts["all"], completed=counts["finished"])
            if counts["finished"] == counts["all"]:
                return
            retry_is_due_later = jobs.filter(state=Job.State.QUEUED, due_at__gt=Now()).exists()
            somebody_works = Job.objects.filter(state=Job.State.RUNNING).exists()
            if counts["finished"] != finished or retry_is_due_later or somebody_works:
                finished, moved = counts["finished"], time.monotonic()
            if time.monotonic() - moved > PATIENCE:
                raise CommandError(
                    f"Nothing has moved for {PATIENCE} seconds: is a worker running? (`make run` starts one.)"
                    " What was queued stays queued."
                )
            time.sleep(0.2)


def claims_with_sources(article: Article) -> Iterable[Claim]:
    """The claims of the article's current text, each with `.best`: its suggestions, best first."""
    best = Suggestion.objects.select_related("passage__source__outlet").order_by("-score", "pk")
    return (
        Claim.objects.filter(anchors__article_version=article.current)
        .prefetch_related(Prefetch("suggestions", queryset=best, to_attr="best"))
        .order_by("-checkworthiness", "pk")
    )


def source_line(suggestion: Suggestion) -> str:
    """Publisher, title and date, and what a reader must know before trusting it."""
    source, passage = suggestion.passage.source, suggestion.passage
    line = ", ".join(part for part in (str(source.outlet or ""), source.title, source.published) if part)
    remarks = []
    if source.seen != source.Seen.PAGE:
        remarks.append(source.get_seen_display().lower())
    if passage.wording == passage.Wording.SUMMARY:
        remarks.append("summary")
    return f"{line} [{'; '.join(remarks)}]" if remarks else line


def show_claims(article: Article, out: Console) -> bool:
    """The table: claim · speaker · check-worthiness · best source · why. Then what failed, which is not "nothing".

    False when a step has failed for good.
    """
    version = article.newest
    out.print(f"\n[bold]{_plain(version.title if version else article.url) or 'Untitled'}[/bold]", markup=True)
    if article.note:
        out.print(article.note, style="yellow", markup=False)
    table = Table(show_lines=True, expand=True)
    table.add_column("Claim", ratio=5)
    table.add_column("Speaker", ratio=2)
    table.add_column("Check-\nworthy", justify="right", width=6)
    table.add_column("Best source", ratio=4)
    table.add_column("Why", ratio=3)
    searched = not article.jobs.filter(kind=Job.Kind.SUGGEST).exclude(state=Job.State.DONE).exists()
    for claim in claims_with_sources(article) if version else ():
        score = "not scored" if claim.checkworthiness is None else f"{claim.checkworthiness:.2f}"
        if claim.best:
            source, reason = source_line(claim.best[0]), why(claim.best[0].features)
        else:
            source, reason = ("none found" if searched else "not searched yet"), ""
        table.add_row(*(_plain(cell) for cell in (claim.statement, claim.speaker or "–", score, source, reason)))
    out.print(table)
    dead = list(article.jobs.filter(state=Job.State.DEAD).exclude(kind__in=Job.BESIDE))
    for job in dead:
        out.print(f"Failed: {job} after {job.attempts} attempts. {job.last_error}", style="red", markup=False)
    return not dead


def _plain(cell: str) -> str:
    """Text of articles may hold square brackets, which rich would read as its own markup."""
    return cell.replace("[", r"\[")
