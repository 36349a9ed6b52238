"""The browsers in which somebody is logged in: each is listed, and each can be logged out."""

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

LISTED_AS = "listed_as"


class ListedSessions:
    """Middleware. A log-in lists its session (allauth does); so does a session that has got another key since, as with
    a new SECRET_KEY, or that is older than the list. The session itself remembers under which key: no query asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.session.get(LISTED_AS) != request.session.session_key:
            UserSession.objects.create_from_request(request)
            request.session[LISTED_AS] = request.session.session_key
        return self.get_response(request)


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Log one of one's own browsers out."""
    get_object_or_404(UserSession, pk=pk, user=request.user).end()
    messages.success(request, gettext("This browser is logged out."))
    return redirect("usersessions_list")
