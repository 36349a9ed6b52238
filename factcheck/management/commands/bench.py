"""manage.py bench NAME: how fast one part is, beside a baseline in the same run."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from bench import api, bounds, claims, desk, ingest, memory, public, suggest
from factcheck.evaluation.readers import UnreadableData
from factcheck.evaluation.reports import Report


class Command(BaseCommand):
    help = "Measure the speed of one part beside its baseline; a table for people, then one line of JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "name", choices=["ingest", "claims", "bounds", "memory", "suggest", "desk", "public", "api"]
        )
        parser.add_argument("--pages", type=Path, metavar="DIR", help="ingest: *.html or *.html.gz")
        parser.add_argument(
            "--data", type=Path, metavar="DIR", help="claims, memory, suggest: polnear_quotes, or the folder around it"
        )
        parser.add_argument("--cache", type=Path, default=settings.BASE_DIR / "var" / "bench", help="suggest: vectors")
        parser.add_argument(
            "--size",
            type=int,
            nargs="+",
            default=[],
            help=f"pages taken in ({ingest.SIZE}), texts split into claims ({claims.SIZE}; memory: {memory.SIZE}),"
            f" words of the longest text (bounds: {bounds.SIZE}), or passages of the library"
            f" ({', '.join(map(str, suggest.SIZES))}: each in turn), or claims of the desk"
            f" ({', '.join(map(str, desk.SIZES))}: likewise), or publications"
            f" (public, api: {', '.join(map(str, public.SIZES))})",
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
            return claims.measure(self.folder(options, "data"), *options["size"][:1])
        if options["name"] == "memory":
            return memory.measure(self.folder(options, "data"), *options["size"][:1])
        if options["name"] == "bounds":
            return bounds.measure(*options["size"][:1])
        if options["name"] == "suggest":
            return suggest.measure(self.folder(options, "data"), options["size"] or suggest.SIZES, options["cache"])
        if options["name"] == "desk":
            return desk.measure(options["size"] or desk.SIZES)
        if options["name"] == "api":
            return api.measure(options["size"] or api.SIZES)
        if options["name"] == "public":
            return public.measure(options["size"] or public.SIZES)
        return ingest.measure(self.folder(options, "pages"), *options["size"][:1])

    def folder(self, options: dict[str, Any], name: str) -> Path:
        if options[name] is None:
            raise UnreadableData(f"bench {options['name']} needs --{name}.")
        return options[name]
