"""Reading the library again after the sentence encoder has changed, while the desk works.

A passage keeps its old vector until the new one stands in its place, so it is found by its words and its meaning all
the while. Each source is an index job like any other, behind everything that somebody waits for: workers that are
killed, and a command that breaks off, leave what is not read yet, and the next call goes on with that.
"""

from django.db.models import Exists, OuterRef

from factcheck.models import Claim, Job, Passage, Source
from factcheck.retrieval import embedding
from factcheck.workflow import jobs
from factcheck.workflow.transitions import change

AT_ONCE = 500  # jobs of one transaction


def left() -> int:
    """Passages that the encoder of today has not read."""
    return Passage.objects.not_read_by(embedding.MODEL).count()


def enqueue() -> int:
    """Queue the reading of every source that has such passages and no index job; how many were queued.

    Claims forget vectors of another encoder: the next search for their sources makes them anew.
    """
    queued = 0
    stale = Passage.objects.not_read_by(embedding.MODEL).filter(source=OuterRef("pk"))
    under_way = Job.objects.filter(kind=Job.Kind.INDEX, target=OuterRef("pk"), state__in=jobs.LIVE)
    sources = Source.objects.filter(Exists(stale)).exclude(Exists(under_way)).select_related("confidential_with")
    last = 0
    while some := list(sources.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        with change():
            for source in some:
                jobs.ensure(Job.Kind.INDEX, source.pk, queue="bulk", article=source.confidential_with)
        last, queued = some[-1].pk, queued + len(some)
    if queued:
        _forget_claims()
    return queued


def _forget_claims() -> None:
    old = Claim.objects.exclude(embedding=None).exclude(model_version__endswith=embedding.MODEL)
    last = 0
    while keys := list(old.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        Claim.objects.filter(pk__in=keys).update(embedding=None)
        last = keys[-1]
