"""manage.py loadseeds: the sample library, the sample article and, with DEBUG, a small newsroom to try the desk with.

Idempotent: what is there already stays as it is. The sample article goes through the queue like any other.
"""

import hashlib
import json
from datetime import UTC, datetime

from django.conf import settings

from factcheck.management.showing import DeskCommand, console, show_claims, wait_for
from factcheck.models import Article, Job, Source, User
from factcheck.workflow.articles import ingest
from factcheck.workflow.people import add_person, set_up_desk
from factcheck.workflow.sources import add_source

SEEDS = settings.BASE_DIR / "seeds"
SEEN = {
    "seen": Source.Seen.PAGE,
    "seen-mirror": Source.Seen.MIRROR,
    "seen-cited": Source.Seen.CITED,
    "memory-unsure": Source.Seen.MEMORY,
}


def sample_article() -> Article | None:
    """The sample article, if it was taken in already: known by its text."""
    text = (SEEDS / "article.txt").read_bytes().decode()
    return Article.objects.filter(versions__sha256=hashlib.sha256(text.encode()).hexdigest()).first()


class Command(DeskCommand):
    help = (
        "Load the sample library and article (and, with DEBUG, sample people), wait for the worker, print the claims."
    )

    def handle(self, *args, **options):
        out = console(self.stdout)
        newsroom = json.loads((SEEDS / "newsroom.json").read_text())
        pages = {page.stem: page.read_text() for page in (SEEDS / "pages").glob("*.md")}
        set_up_desk(**newsroom["desk"], pages=pages)
        if settings.DEBUG:
            self.people(newsroom)
        added = self.library()
        if added:
            self.stdout.write(f"{added} sources were added to the library.")
        wait_for(Job.objects.filter(kind=Job.Kind.INDEX), "Reading the library", out)
        article = sample_article() or self.ingest_sample()
        wait_for(article.jobs.all(), "Reading the sample article", out)
        show_claims(article, out)
        if settings.DEBUG:
            names = ", ".join(f"{person['email']} ({person['role']})" for person in newsroom["people"])
            self.stdout.write(f"\nSample log-ins (DEBUG only): {names}\nPassword of each: {newsroom['password']}")

    def people(self, newsroom) -> None:
        for person in newsroom["people"]:
            if not User.objects.filter(email__iexact=person["email"]).exists():
                add_person(by=None, **person, password=newsroom["password"])

    def library(self) -> int:
        known = set(Source.objects.values_list("url", flat=True))
        added = 0
        for line in (SEEDS / "sources.jsonl").read_text().splitlines():
            record = json.loads(line)
            if record["url"] in known:
                continue
            add_source(
                by=None,
                title=record["title"],
                kind=record["kind"],
                seen=SEEN[record["url_status"]],
                passages=[(passage["text"], passage["wording"]) for passage in record["passages"]],
                url=record["url"],
                publisher=record["publisher"],
                published=record["published"],
                licence=record["licence"],
                queue="bulk",
            )
            added += 1
        return added

    def ingest_sample(self) -> Article:
        about = json.loads((SEEDS / "article.json").read_text())
        return ingest(
            (SEEDS / "article.txt").read_bytes(),
            by=None,
            title=about["title"],
            language=about["language"],
            published_at=datetime.fromisoformat(about["published"]).replace(tzinfo=UTC),
            published_is_guessed=about["published_is_guessed"],
            note=about["note"],
        )
