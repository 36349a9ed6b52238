"""manage.py importsources: add the sources of a list (.csv or .jsonl) to the library."""

from pathlib import Path

from django.core.management.base import CommandError

from factcheck.exceptions import BadInput
from factcheck.management.showing import DeskCommand, console, wait_for
from factcheck.models import Import, ImportRow, Job, Source
from factcheck.workflow import imports, lists, source_rows

LARGEST = 100_000_000  # bytes of a list


class Command(DeskCommand):
    help = (
        "Add the sources of a list to the library: title, url, publisher, kind, seen, published, licence, and text or"
        " passages. Sending the same list in twice adds nothing twice; one that broke off goes on."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="a .csv with a column title, or a .jsonl of objects")
        parser.add_argument("--kind", default="", choices=Source.Kind.values, help="of rows that do not say it")
        parser.add_argument("--seen", default="", choices=[*source_rows.SEEN], help="of rows that do not say it")
        parser.add_argument("--publisher", default="", help="of rows that do not say it")
        parser.add_argument("--licence", default="", help="of rows that do not say it")
        parser.add_argument("--by", default="", metavar="E-MAIL", help="who sends it in (default: the operator)")
        parser.add_argument("--wait", action="store_true", help="wait for the worker, and tell what became of each row")

    def handle(self, *args, file, by, wait, **options):
        path, said = Path(file), {name: options[name] for name in source_rows.EVERY_ROW}
        if not lists.is_list(path.name):
            raise CommandError("A list is a .csv or a .jsonl.")
        made = imports.begin(Import.Kind.SOURCES, self.rows(path), by=self.person(by), name=path.name, **said)
        before = " is being taken in already:" if made.was_here else ":"
        self.stdout.write(f"List {made.pk}{before} {made.rows.count():,} rows.")
        if wait:
            jobs = Job.objects.filter(kind=Job.Kind.IMPORT, target=made.pk)
            wait_for(jobs, f"List {made.pk}", console(self.stdout))
        self.tell(made)

    def rows(self, path: Path) -> list[lists.Row]:
        try:
            with path.open("rb") as opened:
                data = opened.read(LARGEST + 1)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from None
        if len(data) > LARGEST:
            raise BadInput(f"The list is larger than {LARGEST:,} bytes.")
        return lists.rows_of(data, path.name, column=source_rows.COLUMN)

    def tell(self, made: Import) -> None:
        """Raises CommandError when a row was refused or the job is dead."""
        counts = made.counts()
        self.stdout.write(
            f"{counts['added']:,} added, {counts['known']:,} in the library already, {counts['refused']:,} refused,"
            f" {counts['waiting']:,} wait."
        )
        refused = made.rows.filter(state=ImportRow.State.REFUSED).order_by("line")[:20]
        wrong = [f"line {row.line}: {row.sentence}" for row in refused]
        dead = Job.objects.filter(kind=Job.Kind.IMPORT, target=made.pk, state=Job.State.DEAD).first()
        if dead is not None:
            wrong.append(f"The list broke off and can be replayed as job {dead.pk}: {dead.last_error}")
        if wrong:
            raise CommandError("\n".join(wrong))
