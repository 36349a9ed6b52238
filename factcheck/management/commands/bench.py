"""manage.py bench NAME: how fast one part is, beside a baseline in the same run."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from bench import bounds, claims, ingest, memory
from factcheck.evaluation.readers import UnreadableData
from factcheck.evaluation.reports import Report


class Command(BaseCommand):
    help = "Measure the speed of one part beside its baseline; a table for people, then one line of JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=["ingest", "claims", "bounds", "memory"])
        parser.add_argument("--pages", type=Path, metavar="DIR", help="ingest: *.html or *.html.gz")
        parser.add_argument(
            "--data", type=Path, metavar="DIR", help="claims, memory: polnear_quotes, or the folder around it"
        )
        parser.add_argument(
            "--size",
            type=int,
            help=f"pages taken in ({ingest.SIZE}), texts split into claims ({claims.SIZE}; memory: {memory.SIZE}), or"
            f" words of the longest text (bounds: {bounds.SIZE})",
        )
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
        if options["name"] == "claims":
            return claims.measure(self.folder(options, "data"), options["size"] or claims.SIZE)
        if options["name"] == "memory":
            return memory.measure(self.folder(options, "data"), options["size"] or memory.SIZE)
        if options["name"] == "bounds":
            return bounds.measure(options["size"] or bounds.SIZE)
        return ingest.measure(self.folder(options, "pages"), options["size"] or ingest.SIZE)

    def folder(self, options: dict[str, Any], name: str) -> Path:
        if options[name] is None:
            raise UnreadableData(f"bench {options['name']} needs --{name}.")
        return options[name]
