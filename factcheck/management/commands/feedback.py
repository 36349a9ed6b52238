"""manage.py feedback: how good the suggestions were, by what people made of them."""

import json

from rich.table import Table

from factcheck.management.showing import DeskCommand, console
from factcheck.workflow import feedback


class Command(DeskCommand):
    help = "Precision, acceptance for each provider, and the time to the first accepted source; for all of the desk."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="one line of JSON")

    def handle(self, *args, **options):
        found = feedback.figures(None)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(found)))
            return
        table = Table()
        for name in ("Provider", "Precision@1", "Precision@5", "Acceptance", "Decided", "Pending"):
            table.add_column(name, justify="left" if name == "Provider" else "right")
        for each in (*found.providers, found.all):
            shares = (*(each.precision(rank) for rank in feedback.RANKS), each.acceptance)
            told = ("–" if share is None else f"{share:.2f}" for share in shares)
            table.add_row(each.name or "all", *told, str(each.decided), str(each.pending))
        out = console(self.stdout)
        out.print(table)
        if found.median is None:
            out.print("No suggestion was accepted yet.")
        else:
            minutes = found.median.total_seconds() / 60
            out.print(
                f"From the splitting of an article to its first accepted source: {minutes:.1f} minutes"
                f" (median of {len(found.times)} articles)."
            )


def as_json(found: feedback.Feedback) -> dict:
    """precision@k and acceptance: null where nothing was decided; seconds: the median, null likewise."""

    def told(each: feedback.Provider) -> dict:
        return {
            **{f"precision@{rank}": each.precision(rank) for rank in feedback.RANKS},
            "acceptance": each.acceptance,
            "accepted": each.accepted,
            "dismissed": each.dismissed,
            "pending": each.pending,
        }

    return {
        **told(found.all),
        "providers": {each.name: told(each) for each in found.providers},
        "first_source": {
            "articles": len(found.times),
            "seconds": found.median and found.median.total_seconds(),
        },
    }
