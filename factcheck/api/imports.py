"""Many at once: lists that are kept row by row and taken in by a job, and what became of each row."""

import json
from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from factcheck.api import progress
from factcheck.api.doors import Door, PageQuery, Row, absolute, found, page
from factcheck.api.doors import listed as a_page_of
from factcheck.api.inputs import Input, Words
from factcheck.api.schema import ID, described
from factcheck.api.sources import WORDS_ARE_HERE
from factcheck.models import Import, ImportRow, Scope, Source
from factcheck.workflow import imports
from factcheck.workflow.lists import Row as ListRow


class ListSerializer(Input):
    sources = serializers.ListField(
        child=serializers.DictField(),
        min_length=1,
        max_length=5_000,
        help_text="Each with title, url, publisher, kind, seen, published, licence, wording, and text or passages (a"
        " list of texts, or of objects with text and wording); with a url alone the page there is fetched.",
    )
    name = Words(required=False, allow_blank=True, max_length=255, default="", help_text="What to call the list.")
    kind = serializers.ChoiceField(choices=Source.Kind.choices, required=False, help_text="Of rows that do not say it.")
    seen = serializers.ChoiceField(choices=WORDS_ARE_HERE, required=False, help_text="Of rows that do not say it.")
    publisher = Words(required=False, allow_blank=True, max_length=300, help_text="Of rows that do not say it.")
    licence = Words(required=False, allow_blank=True, max_length=500, help_text="Of rows that do not say it.")


class ImportSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Import.Kind.choices)
    name = serializers.CharField(allow_blank=True)
    waiting = serializers.IntegerField(help_text="Rows that are still to be taken in.")
    added = serializers.IntegerField()
    changed = serializers.IntegerField(help_text="Fact-checks that say something else than when they came last.")
    known = serializers.IntegerField(help_text="Those that the library had already.")
    repeated = serializers.IntegerField(help_text="Those that stand again further down, where they count.")
    refused = serializers.IntegerField()
    progress = progress.SourceProgressSerializer()
    status_url = serializers.URLField()
    rows_url = serializers.URLField()
    created_at = serializers.DateTimeField()


class RowQuery(PageQuery):
    state = serializers.ChoiceField(choices=ImportRow.State.choices, required=False)


class ImportRowSerializer(serializers.Serializer):
    line = serializers.IntegerField(help_text="From 1.")
    place = serializers.CharField(allow_blank=True, help_text="In the file, where that is no line.")
    state = serializers.ChoiceField(choices=ImportRow.State.choices)
    source = serializers.IntegerField(allow_null=True)
    sentence = serializers.CharField(allow_blank=True, help_text="Why it was refused.")
    row = serializers.CharField(allow_blank=True, help_text="As it was sent, of what waits or was refused.")


def find(id: str, user: Any) -> Import:
    return found(Import.objects, id, "import", user)


def imports_shown(some: list[Import]) -> list[dict]:
    counts, how_far = Import.counts_of(some), progress.of_imports(some)
    return [
        {
            "id": made.pk,
            "kind": made.kind,
            "name": made.name,
            **counts[made.pk],
            "progress": how_far[made.pk],
            "status_url": absolute(f"sources/imports/{made.pk}/"),
            "rows_url": absolute(f"sources/imports/{made.pk}/rows/"),
            "created_at": made.created_at,
        }
        for made in some
    ]


def import_shown(made: Import) -> dict:
    [shown] = imports_shown([made])
    return shown


def rows_shown(rows: list[ImportRow]) -> list[dict]:
    return [
        {
            "line": row.line,
            "place": row.place,
            "state": row.state,
            "source": row.source_id,
            "sentence": row.sentence,
            "row": row.raw,
        }
        for row in rows
    ]


class Batch(Door):
    scopes = {"POST": Scope.SOURCES_WRITE}

    @described(
        "addSources",
        "Send a list of sources in: each is taken in for itself, by a job",
        ImportSerializer,
        takes=ListSerializer,
        status=202,
        also=[200],
        location=True,
    )
    def post(self, request):
        said = self.taken(ListSerializer)
        name, sent = said.pop("name") or "batch", said.pop("sources")
        rows = [
            ListRow(number, json.dumps(each, ensure_ascii=False).encode(errors="replace"))
            for number, each in enumerate(sent, start=1)
        ]
        made = imports.begin(Import.Kind.SOURCES, rows, by=request.user, name=name, **said)
        shown = import_shown(made)
        status = 200 if made.was_here else 202
        return Response(shown, status=status, headers={"Location": shown["status_url"]})


class Imports(Door):
    scopes = {"GET": Scope.SOURCES_READ}

    @described(
        "listImports",
        "Lists of sources and files of fact-checks that were sent in",
        a_page_of("ImportPage", ImportSerializer),
        asks=[PageQuery],
    )
    def get(self, request):
        return page(self, Import.objects.visible_to(request.user), self.asked(PageQuery), imports_shown)


class OfImport(Row):
    """What was sent in never changes; what its rows have come to tells one reading from another."""

    scopes = {"GET": Scope.SOURCES_READ}
    find = staticmethod(find)
    show = staticmethod(import_shown)

    def version(self, row: Import) -> str:
        return f"{row.counts()['waiting']}-{progress.of_imports([row])[row.pk]['state']}"


class OneImport(OfImport):
    @described("getImport", "How far a list of sources or a file of fact-checks is", ImportSerializer, row=True)
    def get(self, request, id):
        return self.shown()


class RowsOfImport(OfImport):
    @described(
        "listImportRows",
        "What became of the rows of an import",
        a_page_of("ImportRowPage", ImportRowSerializer),
        asks=[ID, RowQuery],
    )
    def get(self, request, id):
        asked = self.asked(RowQuery)
        rows = ImportRow.objects.visible_to(request.user).filter(of=self.row())
        if "state" in asked:
            rows = rows.filter(state=asked["state"])
        return page(self, rows, asked, rows_shown)
