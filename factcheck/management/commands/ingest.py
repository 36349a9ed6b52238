"""manage.py ingest: take articles in from files or standard input."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from django.core.management.base import CommandError

from factcheck.exceptions import BadInput, DeskError
from factcheck.management.showing import DeskCommand, console, show_claims, wait_for
from factcheck.models import Article, User
from factcheck.text.plain import MAX_CHARACTERS
from factcheck.workflow.articles import ingest

LARGEST = MAX_CHARACTERS * 4 + 4  # bytes: four for each character, and a byte order mark


class Command(DeskCommand):
    help = "Take plain-text articles in and queue their splitting into claims."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", help="a plain-text file, or - for standard input")
        parser.add_argument("--title", default="", help="the article's title (default: none)")
        parser.add_argument("--url", default="", help="where the article was published")
        parser.add_argument("--language", default="en", help="its language as a BCP 47 tag (default: en)")
        parser.add_argument("--published", default="", metavar="DATE", help="its date, as 2024-05-15")
        parser.add_argument("--note", default="", help="how the text reached the desk; shown with it everywhere")
        parser.add_argument("--by", default="", metavar="E-MAIL", help="who submits it (default: the operator)")
        parser.add_argument("--wait", action="store_true", help="wait for the worker and print the claims")

    def handle(self, *args, files, wait, by, published, **options):
        person = self.person(by)
        published_at = self.date(published)
        out, taken, refused = console(self.stdout), [], []
        for name in files:
            try:
                article = ingest(
                    self.received(name),
                    by=person,
                    published_at=published_at,
                    queue="interactive" if len(files) == 1 else "bulk",
                    **{key: options[key] for key in ("title", "url", "language", "note")},
                )
            except (DeskError, OSError) as error:
                words = f"{error.strerror}." if isinstance(error, OSError) else str(error)
                refused.append(f"{'standard input' if name == '-' else name}: {words}")
            else:
                taken.append(article)
                self.stdout.write(f"Article {article.pk} was taken in ({article.current.sha256[:12]}).")
        for article in taken if wait else ():
            wait_for(article.jobs.all(), f"Article {article.pk}", out)
            if not show_claims(Article.objects.get(pk=article.pk), out):
                refused.append(f"Article {article.pk} was taken in, and a step of reading it failed: see above.")
        if refused:
            raise CommandError("\n".join(["Not taken in:", *refused] if len(refused) > 1 else refused))

    @staticmethod
    def first_bytes(name: str) -> bytes:
        if name == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(name).open("rb") as file:
            return file.read(LARGEST + 1)

    def received(self, name: str) -> bytes:
        """The file's bytes. Of one that is too large anyway no more is read than shows that it is."""
        data = self.first_bytes(name)
        if len(data) > LARGEST:
            raise BadInput(
                f"The file is larger than {LARGEST:,} bytes, which no text of {MAX_CHARACTERS:,} characters is."
            )
        return data

    @staticmethod
    def person(email: str) -> User | None:
        if not email:
            return None
        try:
            return User.objects.get_by_natural_key(email)
        except User.DoesNotExist:
            raise CommandError(f"Nobody here has the e-mail address {email}.") from None

    @staticmethod
    def date(text: str) -> datetime | None:
        try:
            return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC) if text else None
        except ValueError:
            raise CommandError(f"--published must be a date like 2024-05-15, not {text!r}.") from None
