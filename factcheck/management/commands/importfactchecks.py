"""manage.py importfactchecks: take files of other people's fact-checks into the library."""

from pathlib import Path

from django.core.management.base import CommandError

from factcheck.exceptions import BadInput
from factcheck.management.showing import DeskCommand, console, wait_for
from factcheck.models import Import, ImportRow, Job
from factcheck.workflow import imports
from factcheck.workflow.factcheck_rows import LARGEST_FEED
from factcheck.workflow.factchecks import join_earlier

SHOWN = 20  # refused records that are printed; the page of the import has them all


class Command(DeskCommand):
    help = (
        "Import fact-checks and queue what is done with them: web pages with ClaimReview markup, answers of the Fact"
        " Check Tools API (whole or one claim a line), Data Commons feeds. Importing the same again does it once."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="*", metavar="FILE", help=f"at most {LARGEST_FEED:,} bytes each")
        parser.add_argument("--own", action="store_true", help="and our own that were published before they joined")
        parser.add_argument("--by", default="", metavar="E-MAIL", help="who imports them (default: the operator)")
        parser.add_argument("--wait", action="store_true", help="wait for the worker and print what became of them")

    def handle(self, *args, files, own, by, wait, **options):
        if not files and not own:
            raise CommandError("Name a file, or --own.")
        person, started, refused = self.person(by), [], []
        for name in files:
            try:
                file = self.contents(name)
                started.append(imports.begin(Import.Kind.FACT_CHECKS, file, by=person, name=Path(name).name))
            except (BadInput, OSError) as error:
                refused.append(f"{name}: {error.strerror if isinstance(error, OSError) else error}")
                continue
            row = started[-1]
            said = "is being imported already" if row.was_here else f"has {_records(sum(row.counts().values()))}"
            self.stdout.write(f"{name} {said} (import {row.pk}).")
        if own:
            self.stdout.write(f"Our own fact-checks that joined: {join_earlier()}.")
        for row in started if wait else ():
            steps = Job.objects.filter(kind=Job.Kind.IMPORT, target=row.pk)
            wait_for(steps, f"Import {row.pk}", console(self.stdout))
            refused += self.tell(row)
        if refused:
            raise CommandError("\n".join(["Not imported:", *refused] if len(refused) > 1 else refused))

    def tell(self, row: Import) -> list[str]:
        """Prints what became of an import. Returns a sentence if it broke off: a record that was refused is told, and
        is no failure of it."""
        counts = row.counts()
        self.stdout.write(
            f"{row}: {_records(sum(counts.values()))}: {counts['added']:,} new, {counts['changed']:,} changed,"
            f" {counts['known']:,} as they were, {counts['repeated']:,} repeated, {counts['refused']:,} refused."
        )
        for record in row.rows.filter(state=ImportRow.State.REFUSED).order_by("line")[:SHOWN]:
            self.stdout.write(f"  {record.place}: {record.sentence}")
        if counts["refused"] > SHOWN:
            self.stdout.write(f"  and {counts['refused'] - SHOWN:,} more, on the page of the import.")
        waiting = counts["waiting"]
        return [f"{row}: {_records(waiting)} not taken yet; a step of the import failed."] if waiting else []

    @staticmethod
    def contents(name: str) -> bytes:
        with Path(name).open("rb") as file:
            return file.read(LARGEST_FEED + 1)


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count:,} records"
