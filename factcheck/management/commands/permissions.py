"""manage.py permissions: print the permission table as docs/permissions.md has it."""

from django.core.management.base import BaseCommand

from factcheck.models import Role
from factcheck.permissions import IMPARTIAL, MAY, OWN, SOMEBODY_ELSE, Reach

SAID = {Reach.ANY: "yes", Reach.OWN: "own", Reach.OTHERS: "others'"}


class Command(BaseCommand):
    help = "Print who may do what, as Markdown: docs/permissions.md is made of it."

    def handle(self, *args, **options):
        self.stdout.write("# Who may do what\n")
        self.stdout.write(
            "Printed by `manage.py permissions` from `factcheck/permissions.py`, which every verb asks.\n"
        )
        self.stdout.write("| | " + " | ".join(str(role.label) for role in Role) + " |")
        self.stdout.write("|---|" + "---|" * len(Role))
        for verb, roles in MAY.items():
            cells = [SAID[roles[role]] if role in roles else "" for role in Role]
            self.stdout.write(f"| {verb} | " + " | ".join(cells) + " |")
        self.stdout.write("\n**own**, **others'**: a row is somebody's own who is,\n")
        for model, whose in OWN.items():
            self.stdout.write(f"- of a {model._meta.verbose_name}: {whose};")
        self.stdout.write("\nWhere only others' rows may be touched, the desk says why:\n")
        for verb, (_, sentence) in SOMEBODY_ELSE.items():
            self.stdout.write(f"- {verb}: \u201c{sentence}\u201d")
        self.stdout.write(
            "\nA confidential article, and all that comes of it, is there for its named readers only, whatever their"
            " role: to everybody else it looks like a row that does not exist. What a person told in confidence is read"
            " by named people only. A partner sees the articles that it sent in and what came of them, the sources"
            " that it added, and what is published; it has no page of the desk but its own. Who declared a conflict of"
            " interest on a claim may not, there:\n"
        )
        for verb in (verb for verb in MAY if verb in IMPARTIAL):
            self.stdout.write(f"- {verb};")
