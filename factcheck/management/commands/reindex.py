"""manage.py reindex: have the library read again by the sentence encoder of today. The desk goes on working."""

from factcheck.management.showing import DeskCommand, console, wait_for
from factcheck.models import Job
from factcheck.workflow import reindexing


class Command(DeskCommand):
    help = (
        "Queue the reading of every passage that another encoder has read, or none. Nothing is hidden from the search"
        " meanwhile; when it breaks off, call it again."
    )

    def add_arguments(self, parser):
        parser.add_argument("--left", action="store_true", help="only say how many passages are left")
        parser.add_argument("--wait", action="store_true", help="wait for the worker, with a bar")

    def handle(self, *args, left, wait, **options):
        if not left:
            self.stdout.write(f"{reindexing.enqueue():,} sources were queued.")
        if wait:
            wait_for(Job.objects.filter(kind=Job.Kind.INDEX), "Reading the library", console(self.stdout))
        self.stdout.write(f"{reindexing.left():,} passages are not read by this encoder yet.")
