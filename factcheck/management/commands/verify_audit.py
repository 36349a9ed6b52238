"""manage.py verify_audit: recompute every chain of the trail and name each entry that is not as it was written."""

import sys

from django.core.management.base import BaseCommand
from rich.progress import track

from factcheck.management.showing import console
from factcheck.workflow.audit import problems_of_chain


class Command(BaseCommand):
    help = "Verify the hash chains of the trail. Exit 1 when an entry was changed, is missing, or a head is wrong."

    def handle(self, *args, **options):
        from factcheck.models import AuditEntry, AuditHead

        chains = sorted(
            set(AuditEntry.objects.values_list("chain", flat=True))
            | set(AuditHead.objects.values_list("chain", flat=True))
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
