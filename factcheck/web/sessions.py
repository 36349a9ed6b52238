"""The browsers in which somebody is logged in: each is listed, and each can be logged out."""

from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

LISTED_AS = "listed_as"


class ListedSessions:
    """Middleware. A log-in lists its session (allauth does), and the session remembers under which key. One that has
    got another key since, as Django gives out when SECRET_KEY was renewed, or that is from before there was a list, is
    listed anew: no query asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if request.resolver_match.route.startswith("healthz/"):
            return  # which must answer when the database, where sessions are, does not
        if not request.user.is_authenticated:
            return
        key = request.session.session_key  # after the user: asking for one is what renews it
        if request.session.get(LISTED_AS) != key:
            UserSession.objects.create_from_request(request)
            request.session[LISTED_AS] = key


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Log one of one's own browsers out."""
    get_object_or_404(UserSession, pk=pk, user=request.user).end()
    messages.success(request, gettext("This browser is logged out."))
    return redirect("usersessions_list")
