"""Words that people type into the desk: kept exactly, or refused with a sentence that names the field."""

from urllib.parse import urlsplit

from factcheck.exceptions import BadInput
from factcheck.text.plain import UnreadableText, checked

LONGEST = 100_000  # characters of one field; a rationale that is longer is an article


def words(name: str, text: str, *, needed: bool = False) -> str:
    """The same text; "" for white space. Raises BadInput for what cannot be kept, or when it is needed and empty."""
    if not text.strip():
        if needed:
            raise BadInput(f"The {name} must not be empty.")
        return ""
    if len(text) > LONGEST:
        raise BadInput(f"The {name} has {len(text):,} characters; the most that can be kept is {LONGEST:,}.")
    try:
        return checked(text)
    except UnreadableText as error:
        raise BadInput(str(error).replace("The text", f"The {name}")) from error


def address(name: str, url: str, *, needed: bool = False) -> str:
    """A web address, http or https with a host; "" when it is not needed. Raises BadInput."""
    url = words(name, url, needed=needed).strip()
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in url)
    except ValueError:
        fits = False
    if not fits or len(url) > 2000:
        raise BadInput(f"The {name} must be a web address that begins with http:// or https://.")
    return url
