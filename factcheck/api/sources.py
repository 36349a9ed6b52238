"""The library: sources looked for, read with their passages, and added by their words or by an address."""

from typing import Any

from django.db.models import Count
from rest_framework import serializers
from rest_framework.response import Response

from factcheck.api import progress
from factcheck.api.articles import OutletSerializer
from factcheck.api.doors import Door, PageQuery, PersonSerializer, Row, absolute, found, listed, page, person
from factcheck.api.inputs import BIGGEST_KEY, Form, Input, Json, Upload, Words
from factcheck.api.schema import described
from factcheck.models import Evidence, Passage, Scope, Source, User
from factcheck.text.documents import LARGEST, READABLE
from factcheck.workflow import source_documents
from factcheck.workflow.source_rows import SEEN

RELIED_ON = 100  # pieces of evidence that are told of one source
WORDS_ARE_HERE = [(value, Source.Seen(value).label) for value in SEEN]


class SourceQuery(PageQuery):
    words = serializers.CharField(
        required=False,
        max_length=500,
        help_text='All of them in one passage, the title or the outlet: bridge "12 million" -ferry',
    )
    kind = serializers.ChoiceField(choices=Source.Kind.choices, required=False)
    seen = serializers.ChoiceField(choices=Source.Seen.choices, required=False)
    outlet = serializers.IntegerField(min_value=1, max_value=BIGGEST_KEY, required=False)


class NewSourceSerializer(Input):
    """A `text`, or the `url` of a page that is fetched; beside a text, `url` says where it was published."""

    title = Words(required=False, allow_blank=True, max_length=1000, default="", help_text="Needed with a text.")
    url = Words(required=False, allow_blank=True, max_length=2000, default="", help_text="http:// or https://")
    text = Words(required=False, allow_blank=True, default="", help_text="Divided at headings and sentences.")
    wording = serializers.ChoiceField(
        choices=Passage.Wording.choices,
        required=False,
        default=Passage.Wording.ORIGINAL,
        help_text="Whose words the text is. A summary is never quoted.",
    )
    kind = serializers.ChoiceField(choices=Source.Kind.choices)
    seen = serializers.ChoiceField(
        choices=WORDS_ARE_HERE, required=False, help_text="How somebody saw it. Needed with a text, and only there."
    )
    publisher = Words(required=False, allow_blank=True, max_length=300, default="", help_text="The outlet's name.")
    published = Words(
        required=False, allow_blank=True, max_length=10, default="", help_text="2024, 2024-05, 2024-05-14"
    )
    licence = Words(required=False, allow_blank=True, max_length=500, default="")

    def validate(self, attrs):
        if not (attrs["text"] or attrs["url"]):
            raise serializers.ValidationError({"text": ["Send a text, or the address of a page."]})
        if bool(attrs["text"]) != ("seen" in attrs):
            raise serializers.ValidationError({"seen": ["It is said of a text, and of an address alone it is not."]})
        return attrs


class SourceFileSerializer(Input):
    """A file that is the source, as multipart/form-data; what is said of it goes before what it says of itself."""

    file = Upload(
        allow_empty_file=True, help_text=f"{READABLE}, of {LARGEST:,} bytes at most; its first bytes say what it is."
    )
    title = Words(required=False, allow_blank=True, max_length=1000, default="")
    url = Words(required=False, allow_blank=True, max_length=2000, default="", help_text="Where it was published.")
    kind = serializers.ChoiceField(choices=Source.Kind.choices)
    seen = serializers.ChoiceField(choices=WORDS_ARE_HERE, required=False, default=Source.Seen.PAGE)
    publisher = Words(required=False, allow_blank=True, max_length=300, default="", help_text="The outlet's name.")
    published = Words(required=False, allow_blank=True, max_length=10, default="", help_text="2024-05, as for a text")
    licence = Words(required=False, allow_blank=True, max_length=500, default="")


class PassageSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    position = serializers.IntegerField()
    heading = serializers.CharField(
        allow_blank=True, help_text="The source's title, and the headings it stands under, parted by ›."
    )
    text = serializers.CharField()
    wording = serializers.ChoiceField(choices=Passage.Wording.choices, help_text="A summary is never quoted.")


class SourceSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=Source.Kind.choices)
    seen = serializers.ChoiceField(
        choices=Source.Seen.choices, help_text="Whether somebody read the document itself. unread: see progress."
    )
    published = serializers.CharField(allow_blank=True, help_text="2024, 2024-05 or 2024-05-14")
    licence = serializers.CharField(allow_blank=True)
    outlet = OutletSerializer(allow_null=True)
    passages = serializers.IntegerField(help_text="How many it has.")
    progress = progress.SourceProgressSerializer()
    added_by = PersonSerializer(allow_null=True)
    status_url = serializers.URLField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class CaptureSerializer(serializers.Serializer):
    url = serializers.CharField(allow_blank=True, help_text="As it was asked.")
    final_url = serializers.CharField(allow_blank=True, help_text="That answered.")
    file_name = serializers.CharField(allow_blank=True)
    media_type = serializers.CharField(allow_blank=True)
    sha256 = serializers.CharField(help_text="Of the bytes.")
    taken_at = serializers.DateTimeField()


class ReliedOnSerializer(serializers.Serializer):
    evidence = serializers.IntegerField()
    review = serializers.IntegerField()
    claim = serializers.IntegerField()
    stance = serializers.ChoiceField(choices=Evidence.Stance.choices)


class SourceInFullSerializer(SourceSerializer):
    contents = PassageSerializer(many=True, help_text="What it says, in its order.")
    captures = CaptureSerializer(many=True, help_text="How its bytes came; none where somebody typed the words.")
    relied_on = ReliedOnSerializer(many=True, help_text=f"The newest {RELIED_ON} of those that you may see.")


def rows():
    return Source.objects.select_related("outlet", "added_by")


def find(id: str, user: Any) -> Source:
    return found(rows(), id, "source", user)


def sources_shown(sources: list[Source]) -> list[dict]:
    """A page of sources, in a number of queries that does not grow with it."""
    keys = [source.pk for source in sources]
    counts = dict(Passage.objects.filter(source__in=keys).order_by().values_list("source").annotate(Count("pk")))
    how_far = progress.of_sources(sources)
    return [
        {
            "id": source.pk,
            "title": source.title,
            "url": source.url,
            "kind": source.kind,
            "seen": source.seen,
            "published": source.published,
            "licence": source.licence,
            "outlet": person(source.outlet),
            "passages": counts.get(source.pk, 0),
            "progress": how_far[source.pk],
            "added_by": person(source.added_by),
            "status_url": absolute(f"sources/{source.pk}/"),
            "version": source.version,
            "created_at": source.created_at,
            "updated_at": source.updated_at,
        }
        for source in sources
    ]


class Sources(Door):
    parser_classes = [Json, Form]
    scopes = {"GET": Scope.SOURCES_READ, "POST": Scope.SOURCES_WRITE}

    @described(
        "listSources",
        "Sources of the library, in the order of their ids, or those with these words",
        listed("SourcePage", SourceSerializer),
        asks=[SourceQuery],
    )
    def get(self, request):
        asked = self.asked(SourceQuery)
        some = rows().visible_to(request.user)
        if "words" in asked:
            some = some.matching(asked["words"])
        return page(
            self, some.filter(**{n: asked[n] for n in ("kind", "seen", "outlet") if n in asked}), asked, sources_shown
        )

    @described(
        "addSource",
        "Add a source to the library",
        SourceSerializer,
        takes={"application/json": NewSourceSerializer, "multipart/form-data": SourceFileSerializer},
        status=202,
        also=[200],
        location=True,
    )
    def post(self, request):
        if request.content_type.startswith("multipart/"):
            source = _file_added(self.taken(SourceFileSerializer), by=request.user)
        else:
            source = _added(self.taken(NewSourceSerializer), by=request.user)
        [shown] = sources_shown([source])
        status = 200 if source.was_here else 202
        return Response(shown, status=status, headers={"Location": shown["status_url"]})


def _file_added(said: dict[str, Any], *, by: User) -> Source:
    file = said.pop("file")
    return source_documents.add_file(file.read(), by=by, file=file.name, media_type=file.content_type or "", **said)


def _added(said: dict[str, Any], *, by: User) -> Source:
    text, wording = said.pop("text"), said.pop("wording")
    if text:
        return source_documents.add_text(text, by=by, wording=wording, **said)
    return source_documents.add_address(by=by, **said)


class OneSource(Row):
    scopes = {"GET": Scope.SOURCES_READ}
    find = staticmethod(find)

    def show(self, source: Source) -> dict:
        [shown] = sources_shown([source])
        contents = source.passages.order_by("position")
        relied_on = Evidence.objects.visible_to(self.request.user).filter(snapshot__source=source).order_by("-pk")
        captures = source.captures.order_by("-pk")
        return {
            **shown,
            "contents": list(contents.values("id", "position", "heading", "text", "wording")),
            "captures": list(captures.values("url", "final_url", "file_name", "media_type", "sha256", "taken_at")),
            "relied_on": [
                {"evidence": key, "review": review, "claim": claim, "stance": stance}
                for key, review, claim, stance in relied_on.values_list("pk", "review", "review__claim", "stance")[
                    :RELIED_ON
                ]
            ],
        }

    @described(
        "getSource", "One source, with its passages and where it was relied on", SourceInFullSerializer, row=True
    )
    def get(self, request, id):
        return self.shown()
