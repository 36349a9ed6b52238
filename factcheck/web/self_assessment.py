"""The desk held against the Code of Principles: figures that the product has, and what the desk says to them."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from factcheck.exceptions import NotAllowed
from factcheck.permissions import require
from factcheck.web.errors import desk_only, forbidden
from factcheck.web.pages import show
from factcheck.workflow import self_assessment


@require_safe
@desk_only
def index(request: HttpRequest) -> HttpResponse:
    try:
        require(request.user, "read the self assessment")
    except NotAllowed as error:
        return forbidden(request, error)
    context = {"commitments": self_assessment.commitments(), "since": self_assessment.begins()}
    return show(request, "self_assessment.html", context)
