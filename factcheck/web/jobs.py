"""The button that tries a failed machine step again."""

from django.http import HttpRequest, HttpResponse

from factcheck.models import Feed, Import, Job, Search, Source
from factcheck.web import articles, claims, feeds, forms, imports, sources
from factcheck.web.errors import Refusal, posting
from factcheck.workflow import jobs


def _where_it_failed(request: HttpRequest, job: Job, refusal: Refusal) -> HttpResponse:
    if job.kind == Job.Kind.POLL:
        return feeds.page(request, Feed.objects.get(pk=job.target), refusal=refusal)
    if job.kind in (Job.Kind.READ, Job.Kind.INDEX):
        return sources.page(request, Source.objects.get(pk=job.target), refusal=refusal)
    if job.kind == Job.Kind.IMPORT:
        return imports.page(request, Import.objects.get(pk=job.target), refusal=refusal)
    if job.kind == Job.Kind.SEARCH:
        return claims.page(request, Search.objects.get(pk=job.target).claim_id, refusal=refusal)
    return articles.page(request, job.article, refusal=refusal)


@posting(forms.Replay, again=_where_it_failed)
def replay(request: HttpRequest, job: Job, form: forms.Replay) -> str:
    jobs.replay(job, by=request.user, seen_attempts=form.said()["seen"])
    return forms.page_of_job(job)
