"""Actions on rows of a list: one verb per row, on the version that the list showed, and a sentence for each row."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from factcheck.admin.base import named
from factcheck.exceptions import DeskError


def verb_action(
    name: str,
    label: Any,
    verb: Callable[..., Any],
    *,
    done: Any,
    needs: str,
    reason: bool = False,
    read_first: bool = False,
    versioned: bool = True,
) -> Any:
    """An admin action. done: what is said of a row then. needs: the verb in the permission table; reason: ask for one
    first, on a page of its own; read_first: show there all that each row says (`in_full` of the admin), since who signs
    must have read it; versioned: the verb takes the version that the list showed.
    """

    def action(modeladmin, request, queryset):
        if (reason and "reason" not in request.POST) or (read_first and "read" not in request.POST):
            return _ask(modeladmin, request, queryset, name, label, reason=reason, in_full=read_first)
        words: dict[str, Any] = {"reason": request.POST["reason"]} if reason else {}
        for row in queryset.order_by("pk"):
            try:
                verb(row, by=request.user, **words, **({"seen": _seen(request, row)} if versioned else {}))
            except DeskError as error:
                modeladmin.message_user(request, f"{named(row)}: {error}", messages.ERROR)
            else:
                modeladmin.message_user(request, f"{named(row)}: {done}.", messages.SUCCESS)
        return None

    action.__name__ = name
    action.short_description = label
    action.needs = needs
    return action


def _seen(request, row: Any) -> int:
    try:
        return int(request.POST.get(f"seen-{row.pk}", ""))
    except ValueError:
        raise DeskError(_("It was not on the page that you looked at. Nothing was changed.")) from None


def _ask(modeladmin, request, queryset, name: str, label: Any, *, reason: bool, in_full: bool) -> TemplateResponse:
    rows = [
        {
            "key": row.pk,
            "name": named(row),
            "said": modeladmin.described(row),
            "seen": request.POST.get(f"seen-{row.pk}", ""),
            "in_full": modeladmin.in_full(row) if in_full else None,
        }
        for row in queryset.order_by("pk")
    ]
    context = {
        **modeladmin.admin_site.each_context(request),
        "opts": modeladmin.opts,
        "title": label,
        "action": name,
        "rows": rows,
        "reason": reason,
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/reason.html", context)
