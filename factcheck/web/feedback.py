"""How good the suggestions were, by what people made of them."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from factcheck.web.errors import desk_only
from factcheck.web.pages import show
from factcheck.workflow import feedback


@require_safe
@desk_only
def index(request: HttpRequest) -> HttpResponse:
    found = feedback.figures(request.user)
    rows = [
        {
            "name": each.name,
            "precisions": [(each.precision(rank), *each.at[rank]) for rank in feedback.RANKS],
            "acceptance": each.acceptance,
            "accepted": each.accepted,
            "decided": each.decided,
            "pending": each.pending,
        }
        for each in (*found.providers, found.all)
    ]
    minutes = None if found.median is None else round(found.median.total_seconds() / 60, 1)
    context = {"rows": rows, "ranks": feedback.RANKS, "minutes": minutes, "articles": len(found.times)}
    return show(request, "sources_feedback.html", context)
