"""The API described: OpenAPI 3.1, and Swagger's page of it."""

from csp.decorators import csp_update
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import resolve_url
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, OpenApiTypes, extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.exceptions import NotFound

from factcheck.api import idempotency
from factcheck.api.access import ANY_KEY
from factcheck.api.doors import Door
from factcheck.api.errors import CONTENT_TYPE, TYPES

IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description='The ETag of what was read, for example "3". 428 without it, 412 when somebody else was first.',
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": f"^({idempotency.QUOTED}|{idempotency.BARE})$"},
    OpenApiParameter.HEADER,
    description="A new UUID for each thing that is to be done. Sent again with the same key within 24 hours, the same"
    " is answered and nothing is done twice; the answer then has `Idempotency-Replayed: true`.",
)
ID = OpenApiParameter("id", {"type": "integer", "format": "int64", "minimum": 1}, OpenApiParameter.PATH)


class ProblemSerializer(serializers.Serializer):
    """RFC 9457. `type` says what went wrong to a program, `detail` to a person."""

    type = serializers.ChoiceField(choices=[f"/problems/{kind}" for kind in TYPES])
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), required=False, help_text="Per field: sentences."
    )
    rule = serializers.CharField(required=False, help_text="The rule of the database that refused.")
    id = serializers.CharField(required=False, help_text="With unexpected: where it stands in the desk's log.")
    current = serializers.DictField(required=False, help_text="With conflict: what stands there now.")


class InputInSchema(OpenApiSerializerExtension):
    """A field that nobody knows is refused, and the schema says so."""

    target_class = "factcheck.api.inputs.Input"
    match_subclasses = True

    def map_serializer(self, auto_schema, direction):
        shape = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**shape, "additionalProperties": False}


def described(
    name,
    summary,
    answers,
    *,
    takes=None,
    asks=(),
    row=False,
    write=False,
    status=200,
    also=(),
    location=False,
    refused=(),
):
    """One operation's place in the schema. row: about one row with a version; write: changes it, so If-Match.
    also: further statuses of the same answer. refused: further statuses of problems. Every `post` also takes an
    Idempotency-Key (idempotency.py)."""

    def operation(method):
        once = method.__name__ == "post"
        parameters = [*asks]
        if row:
            parameters += [ID, _answered("ETag", OpenApiTypes.STR, status, *([412] if write else []))]
        if write:
            parameters.append(IF_MATCH)
        if once:
            parameters.append(IDEMPOTENCY_KEY)
        if location:
            parameters.append(_answered("Location", OpenApiTypes.URI, status, *also))
        statuses = {401, 403, 404, 406, 429, *refused}
        statuses |= {409, 412, 422, 428} if write else set()
        statuses |= {400, 409, 410, 422} if once else set()
        statuses |= {400, 413, 415} if takes else set()
        statuses |= {422} if takes or asks else set()
        problems = {
            (each, CONTENT_TYPE): OpenApiResponse(
                ProblemSerializer, " · ".join(title for code, title in TYPES.values() if code == each)
            )
            for each in sorted(statuses)
        }
        if method.__name__ == "get":
            problems[304] = OpenApiResponse(None, "If-None-Match names the ETag of what would be shown")
        return extend_schema(
            operation_id=name,
            summary=summary,
            description=f"{summary}.",
            parameters=parameters,
            request=takes,
            responses={**dict.fromkeys((status, *also), answers), **problems},
        )(method)

    return operation


def _answered(name, kind, *statuses):
    """A header of the answers with these statuses."""
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, response=list(statuses), required=True)


class Schema(Door, SpectacularAPIView):
    """OpenAPI 3.1 of all of this, in YAML or JSON. The query is not looked at."""

    scopes = {"GET": ANY_KEY}

    @extend_schema(exclude=True)
    def get(self, request, *args, **kwargs):
        return self._get_schema_response(request)

    def _get_version_parameter(self, request):
        return None

    def _get_filename(self, request, version):
        return "openapi.json" if "json" in request.accepted_renderer.format else "openapi.yaml"


# Swagger's own style sheet carries its small icons as data: addresses. Nothing else is let in, on this page only.
@method_decorator(csp_update({"img-src": ["'self'", "data:"]}), name="dispatch")
class Docs(SpectacularSwaggerSplitView):
    """A page for people: who is not logged in is sent to the log-in."""

    scopes = {"GET": ANY_KEY}

    url = reverse_lazy("api-schema")
    url_self = reverse_lazy("api-docs")
    template_name = "factcheck/api_docs.html"

    def _get_schema_url(self, request):
        return str(self.url)

    def permission_denied(self, request, message=None, code=None):
        self.stranger = not request.user.is_authenticated
        super().permission_denied(request, message, code)

    def handle_exception(self, exc):
        if getattr(self, "stranger", False):
            return redirect_to_login(self.request.get_full_path(), resolve_url("account_login"))
        return super().handle_exception(exc)


class Unknown(Door):
    """Every other address under the API's: a problem, and no page of HTML."""

    schema = None

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        slash = "" if request.path.endswith("/") else " Addresses of this API end with a slash."
        raise NotFound(f"There is nothing at this address.{slash}")
