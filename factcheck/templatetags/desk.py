"""What templates ask for: the desk itself, dates, findings and reasons in words, addresses that are safe to follow."""

import json
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from factcheck.claimreview import MARKDOWN
from factcheck.models import MARKED, ClaimReview, Desk, Notice
from factcheck.retrieval import ranking
from factcheck.text import markdown, statements
from factcheck.text.beside import Difference, in_order
from factcheck.text.statements import plain

register = template.Library()


def desk_of(request: HttpRequest) -> Desk:
    """The desk's row, looked up once per request; an unnamed desk before it is set up."""
    if not hasattr(request, "_desk"):
        request._desk = Desk.objects.first() or Desk(name=_("Fact-checking desk"))  # type: ignore[attr-defined]
    return request._desk  # type: ignore[attr-defined]


@register.simple_tag(takes_context=True)
def desk(context) -> Desk | None:
    """None where nobody asked: the page of a server error must not need the database."""
    request = context.get("request")
    return desk_of(request) if request else None


MOST_UNREAD = 99


@register.simple_tag(takes_context=True)
def unread(context) -> str:
    """How many notices the person has not read: “3”, “99+”; "" for none. One query of one index."""
    user = context["user"]
    count = Notice.objects.unread().visible_to(user).order_by()[: MOST_UNREAD + 1].count()
    return f"{MOST_UNREAD}+" if count > MOST_UNREAD else str(count or "")


@register.filter
def logo(desk: Desk | None) -> str:
    """The logo's address if the content security policy lets a browser load it, else ""."""
    address = desk.logo_url if desk else ""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    images = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].get("img-src", [])
    return address if address and origin in (settings.PUBLIC_URL, *images) else ""


@register.filter
def web(address: str | None) -> str:
    """The address if it leads to the web, else "": a link must never run anything. None: older content has none."""
    return address if address and address.lower().startswith(("http://", "https://")) else ""


@register.filter
def host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


@register.filter
def why(features: dict[str, Any]) -> str:
    return ranking.why(features) if features else ""


@register.filter
def marked(statement: str) -> SafeString:
    """A claim's statement, with what a machine put into the article's words told apart from them."""
    pieces, at = [], 0
    for start, end in statements.inserted(statement):
        pieces += [(plain(statement[at:start]), False), (statement[start:end], True)]
        at = end
    pieces.append((plain(statement[at:]), False))
    return format_html_join(
        "", "{}", ((format_html('<ins class="put-in">{}</ins>', text) if put_in else text,) for text, put_in in pieces)
    )


@register.filter
def differences(features: dict[str, Any]) -> list[Difference]:
    """Of a suggestion, as includes/_compared.html draws them."""
    found = []
    for each in features.get("values", ()):
        how = "ours" if each["relation"] == "absent" else each["relation"]
        found.append(Difference(how, each["claim"], each["passage"]))
    return in_order(found)


@register.filter
def bearing(text: str, features: dict[str, Any]) -> SafeString | str:
    """A passage with the sentence that bears on the claim marked; as it is where none is named."""
    start, end = features.get("sentence") or (0, 0)
    if not 0 <= start < end <= len(text) or not (text[:start] + text[end:]).strip():
        return text
    return format_html('{}<mark class="bearing">{}</mark>{}', text[:start], text[start:end], text[end:])


@register.filter
def apart(days: int) -> str:
    """How far a source is from the claim's article in time; days: positive when the source is the older one."""
    if days == 0:
        return _("the day of the article")
    far = abs(days)
    for size, one, many in (
        (365, "%(n)d year", "%(n)d years"),
        (30, "%(n)d month", "%(n)d months"),
        (1, "%(n)d day", "%(n)d days"),
    ):
        if far >= size:
            length = ngettext(one, many, far // size) % {"n": far // size}
            break
    return (
        _("%(length)s before the article") % {"length": length}
        if days > 0
        else _("%(length)s after the article") % {"length": length}
    )


@register.filter
def excerpt(text: str) -> SafeString:
    """An excerpt of PassageQuerySet.best_of, with what was looked for in <mark>."""
    start, stop = MARKED
    return mark_safe(escape(text).replace(start, "<mark>").replace(stop, "</mark>"))  # noqa: S308 - escaped before


@register.filter
def percent(share: float | None) -> str:
    return "" if share is None else f"{round(share * 100)} %"


@register.filter
def paragraphs(text: str) -> list[str]:
    """Blank lines part paragraphs; so do single ones in a text without any blank line. Nothing else is touched."""
    text = text.replace("\r\n", "\n")
    return [part for part in text.split("\n\n" if "\n\n" in text else "\n") if part.strip()]


@register.simple_tag
def rationale(text: str, written: str) -> SafeString:
    """As HTML; "" where nothing stands. written: "markdown", or "" for the plain paragraphs of older publications."""
    if written == MARKDOWN:
        return mark_safe(markdown.html(text))  # noqa: S308 - cleaned there
    return format_html_join("", '<p dir="auto">{}</p>', ((part,) for part in paragraphs(text)))


@register.filter
def page_text(text: str) -> SafeString:
    """A page that the desk wrote, in Markdown, as HTML: its headings stand right below the title of the page."""
    return mark_safe(markdown.html(text, "h2"))  # noqa: S308 - cleaned there


@register.filter
def in_code(text: str) -> SafeString:
    """Plain text as HTML, with what stands between backticks as code."""
    parts = enumerate(str(text).split("`"))
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", part) if at % 2 else part,) for at, part in parts)
    )


@register.filter
def after_a_word(prefix: str) -> str:
    """The words before a quote without the half of one that they may begin with: anchors count letters, not words."""
    half, blank, whole = prefix.partition(" ")
    return whole if blank and half and whole.strip() else prefix


@register.filter
def before_a_word(suffix: str) -> str:
    """The words after a quote without the half of one that they may end with."""
    whole, blank, half = suffix.rpartition(" ")
    return whole if blank and half and whole.strip() else suffix


@register.filter
def moment(iso: str | None) -> datetime | date | None:
    """The time or day that frozen content holds as text."""
    return (parse_datetime(iso) if "T" in iso else parse_date(iso)) if iso else None


@register.filter
def day(value: date | str | None) -> str:
    """“3 May 2026”, of a day or of the text that frozen content holds; "" of none."""
    return date_format(moment(value) if isinstance(value, str) else value, "j F Y") if value else ""


def finding_in_words(verdict: str | None, rating: int | None, labels: dict[str, str]) -> str:
    """“Disputed · 3 Half true”, “Unverifiable”, “Not decided yet”."""
    if not verdict:
        return _("Not decided yet")
    said = str(ClaimReview.Verdict(verdict).label)
    return f"{said} · {rating} {labels.get(str(rating), '')}".rstrip() if rating else said


@register.simple_tag(takes_context=True)
def finding(context, review: ClaimReview) -> str:
    return finding_in_words(review.verdict, review.rating, desk_of(context["request"]).rating_labels)


# Nothing that could end the script element, or the string literal in an old reader of it.
ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


@register.simple_tag
def jsonld(value: dict[str, Any]) -> SafeString:
    """A data block. It is no script: a browser does not run it, and a strict policy does not mind it."""
    data = json.dumps(value, ensure_ascii=False, sort_keys=True).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(data))  # noqa: S308 - escaped above


@register.simple_tag
def sample_log_ins() -> dict[str, Any] | None:
    """The people of seeds/newsroom.json, to try the desk with; with DEBUG only."""
    if not settings.DEBUG:
        return None
    return json.loads((settings.BASE_DIR / "seeds" / "newsroom.json").read_text())
