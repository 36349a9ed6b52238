"""What a person sees when the desk says no: the one place where our exceptions become pages.

BadInput, Refused, InvalidTransition    the page again, 422: the sentence in an alert, and what was typed
NotAllowed                              403, with the sentence, and what was typed
a row that is not there, or hidden      404, with what was typed
nobody is logged in                     the log-in; for a form 401, with what was typed
Conflict                                409: what is stored now beside what was typed, and the form to go on with
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from factcheck.exceptions import BadInput, Conflict, DeskError, InvalidTransition, NotAllowed, Refused
from factcheck.permissions import require
from factcheck.web.forms import DeskForm

# Hidden fields that the desk itself filled in.
NOT_TYPED = ("csrfmiddlewaretoken", "seen", "base", "known", "beside")


@dataclass
class Refusal:
    """Why nothing was done, and the form as it was typed; `place` puts it back where the page shows it."""

    error: DeskError
    form: DeskForm
    placed: bool = False

    def place(self, *forms: DeskForm | None) -> list[DeskForm | None]:
        """The same forms, with the typed one instead of its fresh twin."""
        return [self._typed(form) for form in forms]

    def _typed(self, form: DeskForm | None) -> DeskForm | None:
        if form is None or form.action != self.form.action:
            return form
        self.placed = True
        return self.form


def desk_only(view: Callable[..., HttpResponse], verb: str = "see the desk") -> Callable[..., HttpResponse]:
    """For people of the desk, or who else may do the verb. Their pages stay in their browsers."""

    @cache_control(private=True, no_cache=True)
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            if request.method == "POST":
                return expired(request)
            log_in = redirect_to_login(request.get_full_path())
            return HttpResponseClientRedirect(log_in.url) if request.htmx else log_in
        try:
            require(request.user, verb)
        except NotAllowed as error:
            return forbidden(request, error)
        with timezone.override(request.user.timezone or None):  # times are shown and read in the zone of who looks
            return view(request, *args, **kwargs)

    return wrapped


def partners_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    return desk_only(view, "use the partner API")


def expired(request: HttpRequest) -> HttpResponse:
    """The log-in ended while somebody was writing: nothing was saved, and every word that was sent is shown again."""
    return render(request, "factcheck/expired.html", {"typed": typed(request)}, status=401)


def posting(
    form_class: type[DeskForm], again: Callable[..., HttpResponse], only: Callable[..., Any] = desk_only
) -> Callable[..., Any]:
    """A view that calls one verb, and redirects to the address which it returns. view(request, row, form) -> address,
    or a page where there is more to tell than an address can. By POST only, and for people of the desk (only).

    again(request, row, refusal=…) shows the page on which the form stands.
    """

    def decorate(view: Callable[..., str | HttpResponse]) -> Callable[..., HttpResponse]:
        @require_POST
        @only
        @wraps(view)
        def posted(request: HttpRequest, pk: int | None = None) -> HttpResponse:
            try:
                row = row_of(request, form_class, pk)
            except Http404:
                return render(request, "404.html", {"typed": typed(request)}, status=404)
            form = form_class(row, data=request.POST, files=request.FILES)
            try:
                answer = view(request, row, form)
                return answer if isinstance(answer, HttpResponse) else redirect(answer)
            except NotAllowed as error:
                return forbidden(request, error)
            except (BadInput, Refused, InvalidTransition, Conflict) as error:
                if isinstance(error, Conflict) and row is not None:
                    return conflict(request, error, form)
                answer = again(request, row_of(request, form_class, pk), refusal=Refusal(error, form))
                answer.status_code = 409 if isinstance(error, Conflict) else 422
                return answer

        return posted

    return decorate


def row_of(request: HttpRequest, form: type[DeskForm], pk: int | None) -> Any:
    """The row that a form is about. What is not there and what is not for these eyes look the same: 404."""
    if form.model is None:
        return None
    return get_object_or_404(form.model._default_manager.visible_to(request.user), pk=pk)  # type: ignore[attr-defined]


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Every word that was sent, by the name of its field: for a page that could not take it."""
    return [(name, text) for name, text in request.POST.items() if name not in NOT_TYPED and text]


def forbidden(request: HttpRequest, error: NotAllowed) -> HttpResponse:
    return render(request, "403.html", {"sentence": str(error), "typed": typed(request)}, status=403)


def conflict(request: HttpRequest, error: Conflict, form: DeskForm) -> HttpResponse:
    """Both texts, and the form again: the typed words in it, and the version that is stored now."""
    now = row_of(request, type(form), form.row.pk)
    return render(
        request, "factcheck/conflict.html", {"sentence": str(error), "form": form.anew(now), "row": now}, status=409
    )
