"""Machine steps: how each one went, and another try for a dead one."""

from typing import Any

from rest_framework import serializers

from factcheck.api.doors import Row, found
from factcheck.api.inputs import NothingSerializer
from factcheck.api.schema import described
from factcheck.models import Job, Scope
from factcheck.workflow import jobs as verbs


class JobSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Job.Kind.choices)
    target = serializers.IntegerField(
        help_text="split, suggest: a text of an article; read, index: a source; import: a list or file."
    )
    article = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(choices=Job.State.choices)
    queue = serializers.CharField()
    attempts = serializers.IntegerField()
    max_attempts = serializers.IntegerField()
    due_at = serializers.DateTimeField()
    lease_until = serializers.DateTimeField(allow_null=True)
    last_error = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


def find(id: str, user: Any) -> Job:
    return found(Job.objects, id, "job", user)


def job_shown(job: Job) -> dict:
    return {
        "id": job.pk,
        "kind": job.kind,
        "target": job.target,
        "article": job.article_id,
        "state": job.state,
        "queue": job.queue,
        "attempts": job.attempts,
        "max_attempts": job.max_attempts,
        "due_at": job.due_at,
        "lease_until": job.lease_until,
        "last_error": job.last_error,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
    }


class JobRow(Row):
    """A job has no version: its state and its attempts, which never go down, tell one reading from another."""

    find = staticmethod(find)
    show = staticmethod(job_shown)

    def version(self, row: Job) -> str:
        return f"{row.state}-{row.attempts}"


class OneJob(JobRow):
    scopes = {"GET": Scope.ARTICLES_READ}

    @described("getJob", "One machine step", JobSerializer, row=True)
    def get(self, request, id):
        return self.shown()


class Replay(JobRow):
    @described(
        "replayJob", "Give a dead job more attempts", JobSerializer, takes=NothingSerializer, row=True, write=True
    )
    def post(self, request, id):
        job = self.row()
        seen = job.attempts if self.read(job) else -1
        self.taken(NothingSerializer)
        verbs.replay(job, by=request.user, seen_attempts=seen)
        return self.shown()
