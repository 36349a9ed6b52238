"""manage.py walkthrough: write docs/walkthrough.md from what the desk really made of the sample article."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from factcheck.management.commands.loadseeds import sample_article
from factcheck.management.showing import DeskCommand, claims_with_sources, source_line
from factcheck.models import Article, Claim, Job
from factcheck.retrieval.ranking import why
from factcheck.text.statements import unmarked

FILE = settings.BASE_DIR / "docs" / "walkthrough.md"
HEAD = """# What the desk makes of the sample article

Written by `make walkthrough` from a real run: the sample article of `seeds/` through PostgreSQL, the queue and the
models, as they are, mistakes included. Nothing here is a verdict; the machine only proposes what to look at.

> {note}

**{title}**, {size} characters, {claims} claims, in the order of the text. Each shows its exact words, the statement
made of them where they do not stand alone (in square brackets what the machine put in), what kind of statement it was
taken for, who is taken to have said it, how much it seems to be worth checking (0 to 1) and why; then the first three
passages of the sample library. Their texts are summaries in our words: good for finding, never quoted.
"""


class Command(DeskCommand):
    help = "Write docs/walkthrough.md from the sample article as it stands in the database."

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, default=FILE, help="the file to write (default: docs/walkthrough.md)")

    def handle(self, *args, to, **options):
        call_command("loadseeds", stdout=self.stdout)
        article = sample_article()
        if article is None or article.jobs.exclude(state=Job.State.DONE).exists():
            raise CommandError("The sample article has not gone through: see what loadseeds says above.")
        to.write_text(self.page(article))
        self.stdout.write(f"{to} was written.")

    def page(self, article: Article) -> str:
        version = article.current
        anchors = {anchor.claim_id: anchor for anchor in version.anchors.all()}
        claims = sorted(claims_with_sources(article), key=lambda claim: anchors[claim.pk].start)
        parts = [
            HEAD.format(note=article.note, title=version.title, size=f"{len(version.text):,}", claims=len(claims)),
            *(self.claim(number, claim, anchors[claim.pk].exact) for number, claim in enumerate(claims, start=1)),
        ]
        return "\n".join(parts)

    def claim(self, number: int, claim: Claim, exact: str) -> str:
        score = "not scored" if claim.checkworthiness is None else f"{claim.checkworthiness:.2f}"
        speaker = f"{claim.speaker} (cue: {claim.cue or 'none'})" if claim.speaker else "not known"
        alone = [] if unmarked(claim.statement) == " ".join(exact.split()) else [claim.statement, ""]
        lines = [
            f"## {number}. {exact}",
            "",
            *alone,
            f"{claim.kind}{', quoted' if claim.quoted else ''} · speaker: {speaker} · check-worthiness {score}:"
            f" {'; '.join(claim.reasons)}",
            "",
        ]
        for place, suggestion in enumerate(claim.best[:3], start=1):
            lines.append(f"{place}. {source_line(suggestion)}")
            lines.append(f"   – {why(suggestion.features)}")
        if not claim.best:
            lines.append("No passage of the library came near enough to be shown.")
        return "\n".join([*lines, ""])
