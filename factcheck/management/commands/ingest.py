"""manage.py ingest: take articles in from files, folders, addresses, lists of either, or standard input."""

import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import CommandError

from factcheck.exceptions import BadInput, DeskError
from factcheck.management.showing import DeskCommand, console, show_claims, wait_for
from factcheck.models import Article, Job
from factcheck.text.documents import BY_ENDING, LARGEST, READABLE
from factcheck.workflow import lists
from factcheck.workflow.articles import OTHER_READERS
from factcheck.workflow.lists import DETAILS
from factcheck.workflow.submissions import submit, submit_row

LONGEST_LIST = 100_000_000  # bytes of a .jsonl or .csv


class Piece(NamedTuple):
    """One article to be taken in. name: as the person at the shell knows it; take: with what is said of all."""

    name: str
    take: Callable[..., Article]


class Command(DeskCommand):
    help = "Take articles in and queue what is done with them. Sending the same in twice does it once."

    def add_arguments(self, parser):
        parser.add_argument(
            "files",
            nargs="+",
            metavar="WHAT",
            help=f"a file ({READABLE}), a folder of them, an address of the web, a .jsonl of articles (one object a"
            " line: text, html or url, and title, byline, note, language, published), a .csv with a column url,"
            " or - for plain text from standard input",
        )
        parser.add_argument("--title", default="", help="the article's title (default: its own, if it has one)")
        parser.add_argument("--url", default="", help="where the article was published")
        parser.add_argument("--language", default="", help="its language as a BCP 47 tag (default: as it reads)")
        parser.add_argument("--published", default="", metavar="DATE", help="its date, as 2024-05-15")
        parser.add_argument("--note", default="", help="how the text reached the desk; shown with it everywhere")
        parser.add_argument("--by", default="", metavar="E-MAIL", help="who submits it (default: the operator)")
        parser.add_argument("--confidential", action="store_true", help="seen by --by and --reader only")
        parser.add_argument("--reader", action="append", default=[], metavar="E-MAIL", help="who sees it while it is")
        parser.add_argument("--wait", action="store_true", help="wait for the worker and print the claims")

    def handle(self, *args, files, wait, by, published, confidential, reader, **options):
        common = {
            "by": self.person(by),
            "confidential": confidential,
            "readers": [self.person(email) for email in reader],
        }
        said = {name: options[name] for name in DETAILS if options.get(name)}
        if published:
            said["published_at"] = self.date(published)
        out, taken, refused = console(self.stdout), [], []
        pieces = [piece for name in files for piece in pieces_of(name)]
        common["queue"] = "interactive" if len(pieces) == 1 else "bulk"
        for piece in pieces:
            try:
                article = piece.take(**said, **common)
            except (DeskError, OSError) as error:
                words = f"{error.strerror}." if isinstance(error, OSError) else str(error)
                refused.append(f"{piece.name}: {words}")
            else:
                taken.append(article)
                self.stdout.write(told(article))
        for article in taken if wait else ():
            wait_for(article.jobs.exclude(kind__in=Job.BESIDE), f"Article {article.pk}", out)
            if not show_claims(Article.objects.get(pk=article.pk), out):
                refused.append(f"Article {article.pk} was taken in, and a step of reading it failed: see above.")
        if refused:
            raise CommandError("\n".join(["Not taken in:", *refused] if len(refused) > 1 else refused))

    @staticmethod
    def date(text: str) -> datetime | None:
        try:
            return lists.moment_of(text)
        except BadInput as error:
            raise CommandError(f"--{error}") from None


def told(article: Article) -> str:
    if article.sent_before:
        notice = f" {OTHER_READERS}" if article.other_readers else ""
        return f"Article {article.pk} is it already: the same was sent in before.{notice}"
    version = article.newest
    return f"Article {article.pk} was taken in ({version.sha256[:12] if version else 'its page is to be fetched'})."


def pieces_of(name: str) -> Iterator[Piece]:
    """What an argument stands for; of a folder every file in it that can be read, in the order of their names."""
    if name.startswith(("http://", "https://")):
        yield Piece(name, lambda **said: taken(None, **{"url": name, **said}))
    elif name == "-":
        yield Piece("standard input", lambda **said: taken(bounded(sys.stdin.buffer), **said))
    elif Path(name).is_dir():
        readable = (*BY_ENDING, *lists.ENDINGS)
        for path in sorted(path for path in Path(name).rglob("*") if path.suffix.lower() in readable):
            yield from pieces_of(str(path))
    elif lists.is_list(name):
        yield from rows_of(name)
    else:
        yield Piece(name, lambda **said: taken(contents(name), file=Path(name).name, **said))


def rows_of(name: str) -> Iterator[Piece]:
    """A list's rows, each with its line for a name. A list that is none is one piece, which says so when taken."""
    try:
        rows = lists.rows_of(contents(name, LONGEST_LIST), name)
    except (BadInput, OSError) as error:
        yield Piece(name, raising(error))
        return
    for row in rows:
        yield Piece(f"{name}, line {row.line}", partial(submit_row, row, name=Path(name).name))


def taken(received: bytes | None, **said: Any) -> Article:
    return submit(received, **{"language": "", **said})


def raising(error: Exception) -> Callable[..., Article]:
    def take(**_said: Any) -> Article:
        raise error

    return take


def contents(name: str, largest: int = LARGEST) -> bytes:
    with Path(name).open("rb") as file:
        return bounded(file, largest)


def bounded(file: Any, largest: int = LARGEST) -> bytes:
    """A file's bytes. Of one that is too large anyway no more is read than shows that it is."""
    data = file.read(largest + 1)
    if len(data) > largest:
        raise BadInput(f"The file is larger than {largest:,} bytes.")
    return data
