"""manage.py train NAME --data DIR: fits the weights that ship and writes their README."""

import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from factcheck.evaluation.readers import UnreadableData
from factcheck.text.checkworthiness import WEIGHTS


class Command(BaseCommand):
    help = "Fit a small model on an openly licensed set and write its weights and their README."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=["checkworthiness", "factual", "ranking", "spun"])
        parser.add_argument("--data", type=Path, required=True, help="a folder laid out as in data/README.md")
        parser.add_argument("--to", type=Path, default=None, help="where the weights go (default: where they ship)")
        parser.add_argument("--vectors", type=Path, default=None, help="ranking, spun: keep vectors here between runs")
        parser.add_argument(
            "--date", type=date.fromisoformat, default=None, help="the date to write down (default: today)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from factcheck.evaluation import weights
        except ModuleNotFoundError as error:
            self.stderr.write(f"Training needs {error.name}: install requirements-dev.txt.")
            sys.exit(2)
        day = options["date"] or date.today()
        try:
            if options["name"] == "spun":
                from factcheck.evaluation import wording
                from factcheck.evaluation.loading import Vectors
                from factcheck.text import spun

                report = wording.train(options["data"], options["to"] or spun.WEIGHTS, day, Vectors(options["vectors"]))
            elif options["name"] == "ranking":
                # Imported here: the other three need no database.
                from bench import scratch
                from factcheck.evaluation import ranking
                from factcheck.evaluation.loading import Vectors
                from factcheck.retrieval.ranking import WEIGHTS as TO

                vectors = Vectors(options["vectors"])
                report = ranking.train(options["data"], options["to"] or TO, day, scratch.database, vectors)
            else:
                train = {"checkworthiness": weights.train_checkworthiness, "factual": weights.train_factual}
                report = train[options["name"]](options["data"], options["to"] or WEIGHTS, day)
        except UnreadableData as error:
            self.stderr.write(str(error))
            sys.exit(2)
        self.stdout.write(report.table())
        self.stdout.write(report.line())
