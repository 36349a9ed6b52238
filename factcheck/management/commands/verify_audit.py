"""manage.py verify_audit: recompute the trail, and name whatever is not as it was written, published or signed."""

import json
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from django.db.models import Sum
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from factcheck.management.showing import DeskCommand, console
from factcheck.models import AuditHead
from factcheck.workflow import roots
from factcheck.workflow.integrity import Look, Problem


class Command(DeskCommand):
    help = (
        "Verify the trail: each entry of each chain, the daily roots against the chains, and each publication against"
        " the trail and its review. Exit 0 when all is as it was written, 1 when something is not, 2 when that could"
        " not be found out."
    )
    failure = 2

    def add_arguments(self, parser):
        parser.add_argument(
            "--root", type=Path, metavar="PATH", help="a kept copy to hold the desk's roots against: a file or a folder"
        )
        parser.add_argument("--json", action="store_true", help="the result as one JSON object")

    def handle(self, *args, **options):
        look, found, said = Look(), 0, []
        for problem in chain(self.seen(look), self.compared(options["root"])):
            found += 1
            if options["json"]:
                said.append(vars(problem))
            else:
                self.stdout.write(problem.sentence)
        counts = {
            "entries": look.trail.entries,
            "chains": look.trail.chains,
            "roots": look.roots,
            "publications": look.publications,
        }
        if options["json"]:
            self.stdout.write(json.dumps({**counts, "problems": said}, ensure_ascii=False))
        else:
            words = ", ".join(f"{number:,} {noun}" for noun, number in counts.items())
            self.stdout.write(f"{words}: {found or 'no'} problem{'' if found == 1 else 's'}.")
        if found:
            sys.exit(1)

    def seen(self, look: Look) -> Iterator[Problem]:
        """What the look finds, with a bar over the entries while it lasts."""
        columns = (TextColumn("Verifying"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console(self.stderr), transient=True) as progress:
            bar = progress.add_task("", total=AuditHead.objects.aggregate(all=Sum("seq"))["all"] or 0)
            yield from look.problems(lambda entries: progress.update(bar, completed=entries))

    def compared(self, kept: Path | None) -> Iterator[Problem]:
        """Where the desk's roots are not those of the kept copy."""
        return (Problem(sentence) for sentence in (roots.problems_of_copies(kept) if kept else ()))
