"""manage.py evaluate NAME --data DIR: runs the code that the product runs on public data and prints how good it is."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from bench import scratch
from factcheck.evaluation import (
    attributions,
    checkworthiness,
    comparison,
    contradictions,
    echoes,
    evidence,
    extraction,
    matching,
    sameclaim,
    sentences,
    splitting,
    spun,
    suggestions,
)
from factcheck.evaluation.loading import Vectors
from factcheck.evaluation.readers import UnreadableData
from factcheck.evaluation.reports import Report

# Nothing is fitted within these.
READING = {
    each.__name__.rpartition(".")[2]: each.evaluate
    for each in (extraction, sentences, attributions, comparison, contradictions, splitting, sameclaim)
}

# Through PostgreSQL, in a database that is made for it and dropped again.
SEARCHING = ("matching", "evidence", "suggestions", "echoes")


class Command(BaseCommand):
    help = "Measure one part on public data; a table for people, then one line of JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=[*READING, "spun", "checkworthiness", "factual", *SEARCHING])
        parser.add_argument("--data", type=Path, required=True, help="a folder laid out as in data/README.md")
        parser.add_argument(
            "--corpus",
            type=Path,
            default=None,
            help="matching, evidence: the documents (default: corpus/ beside them); suggestions: article and library"
            " (default: seeds/)",
        )
        parser.add_argument(
            "--vectors", type=Path, default=None, help="keep vectors in this folder, by the sha256 of model and text"
        )
        parser.add_argument("--limit", type=int, default=None, help="only the first N rows")
        parser.add_argument("--folds", type=int, default=None, help="fit and score within the data, in K folds")
        parser.add_argument("--json", action="store_true", help="the line of JSON only")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self.measured(options)
        except UnreadableData as error:
            self.stderr.write(str(error))
            sys.exit(2)
        except ModuleNotFoundError as error:
            self.stderr.write(f"Fitting within folds needs {error.name}: install requirements-dev.txt.")
            sys.exit(2)
        if not options["json"]:
            self.stdout.write(report.table())
        self.stdout.write(report.line())

    def measured(self, options: dict[str, Any]) -> Report:
        if options["name"] in READING:
            return READING[options["name"]](options["data"], options["limit"])
        if options["name"] == "spun":
            return spun.evaluate(options["data"], options["limit"], Vectors(options["vectors"]), options["folds"])
        if options["name"] == "factual":
            return checkworthiness.evaluate_factual(options["data"], options["limit"], options["folds"])
        if options["name"] in SEARCHING:
            return self.searched(options)
        return checkworthiness.evaluate(options["data"], options["limit"], options["folds"])

    def searched(self, options: dict[str, Any]) -> Report:
        data, corpus, limit = options["data"], options["corpus"], options["limit"]
        vectors = Vectors(options["vectors"])
        if options["name"] == "matching":
            return matching.evaluate(data, corpus, limit, scratch.database, vectors, options["folds"])
        if options["name"] == "evidence":
            return evidence.evaluate(data, corpus, limit, scratch.database, vectors)
        if options["name"] == "suggestions":
            return suggestions.evaluate(data, corpus, limit, scratch.database, vectors)
        return echoes.evaluate(data, limit, scratch.database, vectors)
