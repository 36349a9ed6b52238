"""Languages as pages tell them: their names, and from which side they are read."""

from functools import cache

from babel import Locale, UnknownLocaleError
from django import template
from django.conf import settings
from django.utils.translation import get_language

register = template.Library()


@cache
def _known(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


@register.filter
def language_name(tag: str) -> str:
    """“Arabic”; the tag itself where nobody knows its name."""
    known = _known(tag)
    return (known and known.get_display_name((get_language() or settings.LANGUAGE_CODE).replace("-", "_"))) or tag


@register.filter
def direction(tag: str) -> str:
    """For a dir attribute: "rtl", or "auto", so that a browser looks at the letters."""
    known = _known(tag)
    return "rtl" if known and known.character_order == "right-to-left" else "auto"


@register.filter
def foreign(tag: str | None) -> bool:
    """Whether this is known to be another language than the desk's."""
    return bool(tag) and tag.partition("-")[0] != settings.LANGUAGE_CODE.partition("-")[0]
