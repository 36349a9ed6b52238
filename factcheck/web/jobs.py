"""Machine steps as a page tells of them, and the button that tries a failed one again."""

from django.http import HttpRequest
from django.urls import reverse

from factcheck.models import Job
from factcheck.web import articles, forms
from factcheck.web.errors import posting
from factcheck.workflow import jobs


@posting(forms.Replay, again=lambda request, job, refusal: articles.page(request, job.article, refusal=refusal))
def replay(request: HttpRequest, job: Job, form: forms.Replay) -> str:
    jobs.replay(job, by=request.user, seen_attempts=form.said()["seen"])
    return reverse("article", args=[job.article_id]) if job.article_id else reverse("articles")
