"""manage.py ingest: take articles in from files, folders, addresses, lists of either, or standard input."""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import CommandError

from factcheck.exceptions import BadInput, DeskError
from factcheck.management.showing import DeskCommand, console, show_claims, wait_for
from factcheck.models import Article, User
from factcheck.text.documents import BY_ENDING, LARGEST, READABLE
from factcheck.workflow.articles import ingest

DETAILS = ("title", "byline", "url", "note", "language")
LONGEST_LIST = 100_000_000  # bytes of a .jsonl or .csv


class Piece(NamedTuple):
    """One article to be taken in. name: as the person at the shell knows it; sent: what the verb takes."""

    name: str
    sent: Callable[[], dict[str, Any]]


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
                article = ingest(**{"language": "", **piece.sent(), **said, **common})
            except (DeskError, OSError) as error:
                words = f"{error.strerror}." if isinstance(error, OSError) else str(error)
                refused.append(f"{piece.name}: {words}")
            else:
                taken.append(article)
                self.stdout.write(told(article))
        for article in taken if wait else ():
            wait_for(article.jobs.all(), f"Article {article.pk}", out)
            if not show_claims(Article.objects.get(pk=article.pk), out):
                refused.append(f"Article {article.pk} was taken in, and a step of reading it failed: see above.")
        if refused:
            raise CommandError("\n".join(["Not taken in:", *refused] if len(refused) > 1 else refused))

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
            return day_of(text)
        except BadInput as error:
            raise CommandError(f"--{error}") from None


def told(article: Article) -> str:
    if article.sent_before:
        return f"Article {article.pk} is it already: the same was sent in before."
    version = article.newest
    return f"Article {article.pk} was taken in ({version.sha256[:12] if version else 'its page is to be fetched'})."


def pieces_of(name: str) -> Iterator[Piece]:
    """What an argument stands for; of a folder every file in it that can be read, in the order of their names."""
    if name.startswith(("http://", "https://")):
        yield Piece(name, lambda: {"received": None, "url": name})
    elif name == "-":
        yield Piece("standard input", lambda: {"received": bounded(sys.stdin.buffer)})
    elif Path(name).is_dir():
        readable = (*BY_ENDING, ".jsonl", ".csv")
        for path in sorted(path for path in Path(name).rglob("*") if path.suffix.lower() in readable):
            yield from pieces_of(str(path))
    elif name.lower().endswith((".jsonl", ".csv")):
        yield from rows_of(name)
    else:
        yield Piece(name, lambda: {"received": contents(name), "file": Path(name).name})


def rows_of(name: str) -> Iterator[Piece]:
    """A list's rows, each with its line for a name. A list that is none is one piece, which says so when it is read."""
    try:
        text = decoded_list(contents(name, LONGEST_LIST))
        if name.lower().endswith(".csv"):
            rows = csv.DictReader(io.StringIO(text))
            if "url" not in (rows.fieldnames or ()):
                raise BadInput("The first line must name the columns, and one of them url.")
            listed = [(rows.line_num, lambda row=row: sent_of(row)) for row in rows]
        else:
            # Not splitlines(): a JSON string may hold characters that it takes for the end of a line.
            lines = enumerate(text.split("\n"), start=1)
            listed = [(number, lambda line=line: sent_of(parsed(line))) for number, line in lines if line.strip()]
    except (BadInput, OSError, csv.Error) as error:
        failure = BadInput(f"The list cannot be read as CSV: {error}.") if isinstance(error, csv.Error) else error
        yield Piece(name, raising(failure))
        return
    for number, sent in listed:
        yield Piece(f"{name}, line {number}", sent)


def raising(error: Exception) -> Callable[[], dict[str, Any]]:
    def sent() -> dict[str, Any]:
        raise error

    return sent


def parsed(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line, object_pairs_hook=once)
    except BadInput:
        raise
    except (ValueError, RecursionError) as error:
        raise BadInput("The line is no JSON.") from error
    if not isinstance(row, dict):
        raise BadInput("The line is no JSON object.")
    return row


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object; the second of two fields of one name would be taken, and the words of the first lost."""
    row = dict(pairs)
    if len(row) < len(pairs):
        raise BadInput("A field stands twice in the line.")
    return row


def sent_of(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a list, as the verb takes it. Columns that nobody knows are left alone; words must be words."""
    known = {name: row.get(name) or "" for name in (*DETAILS, "text", "html", "published")}
    if wrong := [name for name, value in known.items() if not isinstance(value, str)]:
        raise BadInput(f"The field {wrong[0]} must be a text.")
    text, html, published = (known.pop(name) for name in ("text", "html", "published"))
    if text and html:
        raise BadInput("It has a text and HTML; one of them is the article.")
    if not (text or html or known["url"]):
        raise BadInput("It has no text, no HTML and no url.")
    return {
        "received": text or html or None,
        "media_type": "text/html" if html else "",
        "published_at": day_of(published),
        **known,
    }


def day_of(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC) if text else None
    except ValueError:
        raise BadInput(f"published must be a date like 2024-05-15, not {text!r}.") from None


def decoded_list(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("The list is not UTF-8.") from None


def contents(name: str, largest: int = LARGEST) -> bytes:
    with Path(name).open("rb") as file:
        return bounded(file, largest)


def bounded(file: Any, largest: int = LARGEST) -> bytes:
    """A file's bytes. Of one that is too large anyway no more is read than shows that it is."""
    data = file.read(largest + 1)
    if len(data) > largest:
        raise BadInput(f"The file is larger than {largest:,} bytes.")
    return data
