"""manage.py verify_audit: recompute every chain of the trail and name each entry that is not as it was written."""

import sys

from rich.progress import track

from factcheck.management.showing import DeskCommand, console
from factcheck.models import AuditEntry, AuditHead
from factcheck.workflow.audit import problems_of_chain


class Command(DeskCommand):
    help = "Verify the hash chains of the trail. Exit 1 when an entry was changed, is missing, or a head is wrong."

    def handle(self, *args, **options):
        chains = sorted(
            {
                chain
                for model in (AuditEntry, AuditHead)
                for chain in model.objects.values_list("chain", flat=True).distinct()
            }
        )
        problems = [
            problem
            for chain in track(chains, "Verifying", console=console(self.stderr), transient=True)
            for problem in problems_of_chain(chain)
        ]
        for problem in problems:
            self.stdout.write(problem)
        entries = AuditEntry.objects.count()
        self.stdout.write(f"{entries} entries in {len(chains)} chains: {len(problems) or 'no'} problems.")
        if problems:
            sys.exit(1)
