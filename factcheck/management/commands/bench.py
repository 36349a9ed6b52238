"""manage.py bench NAME: how fast one part is, beside a baseline in the same run."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from bench import ingest
from factcheck.evaluation.readers import UnreadableData
from factcheck.evaluation.reports import Report


class Command(BaseCommand):
    help = "Measure the speed of one part beside its baseline; a table for people, then one line of JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=["ingest"])
        parser.add_argument("--pages", type=Path, required=True, metavar="DIR", help="ingest: *.html or *.html.gz")
        parser.add_argument("--size", type=int, default=ingest.SIZE, help="ingest: pages taken in (%(default)s)")
        parser.add_argument("--json", action="store_true", help="the line of JSON only")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self.measured(options)
        except UnreadableData as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if not options["json"]:
            self.stdout.write(report.table())
        self.stdout.write(report.line())

    def measured(self, options: dict[str, Any]) -> Report:
        return ingest.measure(options["pages"], options["size"])
