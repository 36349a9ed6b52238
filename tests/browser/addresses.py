"""Every address of the desk, found by walking its URL patterns, with the keys of a newsroom filled in.

An address that is added tomorrow is walked tomorrow. One whose place for a key is not known here stops the walk.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from factcheck.admin import site
from factcheck.models import DeskPage
from tests.browser.newsroom import Newsroom

PUBLIC = (
    "fact-checks/", "healthz/", "accounts/", "corrections/", "method/", "static/", "trail/roots/",
    "about/", "contact/", "corrections-policy/", "problems/", "funding/", "requests/receipt/", "robots.txt", "sitemap",
)  # fmt: skip
NO_PAGE = ("admin/", "api/", "v1alpha1/")  # walked in ways of their own


@dataclass(frozen=True)
class Address:
    """`name`: fit for a file's name, the same in every run. `route`: as in urls.py."""

    name: str
    path: str
    route: str

    @property
    def public(self) -> bool:
        return self.route == "" or self.route.startswith(PUBLIC)

    @property
    def of_partners(self) -> bool:
        return self.route.startswith(("partner/", "api/v1/webhooks/"))

    @property
    def of_the_trail(self) -> bool:
        """For editors, auditors and administrators."""
        return ("trail/" in self.route or self.route == "desk/self-assessment/") and not self.public


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(route, pattern) of everything that is served."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, route)
        else:
            yield route, each


def keys(room: Newsroom) -> dict[str, dict[str, object]]:
    """What stands for a place in a route, by the word before it."""
    return {
        "articles": room.articles,
        "claims": room.claims,
        "suggestions": room.suggestions,
        "reviews": room.reviews,
        "evidence": room.evidence,
        "replies": room.replies,
        "fact-checks": room.publications,
        "publications": room.publications,
        "problems": {"refused": "refused"},
        "feeds": room.feeds,
        "jobs": room.jobs,
        "sources": room.sources,
        "imports": room.imports,
        "comments": room.comments,
        "requests": room.requests,
        "receipt": room.receipts,
        **{kind.value: {"first": 1} for kind in DeskPage.PUBLIC},
        "conflicts": room.conflicts,
        "holds": room.holds,
        "pairs": room.pairs,
        "roots": room.roots,
        "sitemaps": {"first": 1},
        "unreadable": room.unreadable,
        "views": room.views,
        "export": {"claims": "claims"},
        "keys": {"first": 1},  # whose page nobody of the desk has
        "webhooks": {"first": 1},
        "deliveries": {"first": 1},
        "people": {name: who.pk for name, who in room.people.items()},
    }


def addresses(room: Newsroom) -> list[Address]:
    """Each page of the web door and of the log-in, and each address that a form is sent to; once for each kept key."""
    found = []
    for route, _ in routes():
        if route.startswith(NO_PAGE):
            continue
        if route.startswith("accounts/"):  # one's own; keys come by mail
            if "<int:pk>" in route:  # one's own passkeys and sessions: test_accounts.py makes some
                continue
            plain = re.sub(r"\(\?P<\w+>[^)]*\)", "0", route).replace("^", "").replace("$", "")
            found.append(Address(plain.strip("/").replace("/", "-"), f"/{plain}", route))
            continue
        if "<int:number>" in route:  # an earlier version of a fact-check
            slug = room.publications["corrected"]
            found.append(Address("fact-checks-corrected-1", f"/fact-checks/{slug}/1/", route))
            continue
        found += filled(route, keys(room))
    changed = f"/articles/{room.articles['changed']}"
    found.append(Address("articles-changed-difference", f"{changed}/difference/", "articles/"))
    found.append(Address("articles-changed-versions", f"{changed}/versions/?number=1", "articles/"))
    claims = {
        name: f"/articles/{room.articles['latin']}/?claim={key}"
        for name, key in room.claims.items()
        if name != "orphaned"
    }
    found += [Address(f"articles-latin-claim-{name}", path, "articles/") for name, path in claims.items()]
    return found


def filled(route: str, known: dict[str, dict[str, object]]) -> list[Address]:
    """The route with each kept key in its place; what lies under a row, like its verbs, with one key only."""
    place = re.search(r"<(?:\w+:)?(\w+)>", route)
    if place is None:
        return [Address(route.strip("/").replace("/", "-") or "front", f"/{route}", route)]
    word = route[: place.start()].strip("/").rsplit("/", 1)[-1]
    if word not in known:
        raise LookupError(f"tests/browser/addresses.py does not know what stands in the place of {route!r}")
    rest = route[place.end() :]
    if "<" in rest:
        raise LookupError(f"tests/browser/addresses.py knows one place in a route, not {route!r}")
    return [
        Address(
            f"{route[: place.start()]}{name}{rest}".strip("/").replace("/", "-"),
            f"/{route[: place.start()]}{key}{rest}",
            route,
        )
        for name, key in list(known[word].items())[: 1 if rest.strip("/") else None]
    ]


def admin_addresses() -> list[Address]:
    """The admin's pages: its front, each list, one row of each, its history, and the form for a new one."""
    found = [Address("admin", "/admin/", "admin/")]
    for app in {model._meta.app_label for model in site._registry}:
        found.append(Address(f"admin-{app}", f"/admin/{app}/", "admin/"))
    for model in site._registry:
        label = f"{model._meta.app_label}/{model._meta.model_name}"
        name = f"admin-{model._meta.model_name}"
        found.append(Address(name, f"/admin/{label}/", "admin/"))
        found.append(Address(f"{name}-add", f"/admin/{label}/add/", "admin/"))
        newest = apps.get_model(model._meta.label)._base_manager.order_by("-pk").values_list("pk", flat=True).first()
        if newest is not None:
            found.append(Address(f"{name}-row", f"/admin/{label}/{newest}/change/", "admin/"))
            found.append(Address(f"{name}-history", f"/admin/{label}/{newest}/history/", "admin/"))
            found.append(Address(f"{name}-delete", f"/admin/{label}/{newest}/delete/", "admin/"))
    return found


def admin_pages() -> list[Address]:
    """Those of them that look different: each list and row, and one each of the pages that are the same for all."""
    once = ("admin-outlet-add", "admin-outlet-history", "admin-outlet-delete")
    same = ("-add", "-history", "-delete")
    return [each for each in admin_addresses() if each.name in once or not each.name.endswith(same)]


def small_addresses() -> list[Address]:
    """What the other lists leave out, since no page of its own stands there: somebody else's passkeys and sessions,
    the admin's helpers, a row's short address, and what is nowhere."""
    admin = ("login", "logout", "jsi18n", "autocomplete", "password_change", "password_change/done", "r/1/1", "nothing")
    paths = [f"admin/{name}/" for name in admin]
    paths += [f"admin/{model._meta.app_label}/{model._meta.model_name}/0/" for model in site._registry]
    paths += ["accounts/passkeys/0/rename/", "accounts/passkeys/0/remove/", "accounts/sessions/0/end", "api/v1/nothing"]
    paths += ["v1alpha1/claims:imageSearch", "v1alpha1/nothing"]
    return [Address(path.strip("/").replace("/", "-"), f"/{path}", path) for path in paths]


def api_addresses(room: Newsroom) -> list[Address]:
    """Every address of the API, verbs too."""
    found = []
    for route, _ in routes():
        if route.startswith("api/"):
            found += filled(route, keys(room))
    of, lists = (
        f"?claim={room.claims['detected']}",
        ("api/v1/suggestions/", "api/v1/pairs/", "api/v1/comments/"),
    )  # of one claim each
    found = [replace(each, path=each.path + of) if each.route in lists else each for each in found]
    found = [each for each in found if each.route != "api/v1/"]  # what is not there, said as a problem
    place = "v1alpha1/claims:search"
    return [*found, Address(place.replace("/", "-").replace(":", "-"), f"/{place}?query=bridge", place)]
