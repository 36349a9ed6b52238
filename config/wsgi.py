"""What gunicorn serves."""

import codecs
import os
import re

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

serve = get_wsgi_application()


def application(environ, start_response):
    """What is refused before Django looks: a body that nobody will read to its end, and a charset that is none, since
    Django decodes a request in whatever it names, and `rot13` is a codec too."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isascii() or not length.isdigit() or int(length[:20]) > settings.LONGEST_REQUEST:
        return refused(
            start_response, "413 Content Too Large", f"At most {settings.LONGEST_REQUEST:,} bytes are taken."
        )
    named = re.search(r"charset\s*=\s*\"?([^\s;\"]+)", environ.get("CONTENT_TYPE", ""), re.IGNORECASE)
    if named and not _is_charset(named.group(1)):
        said = f"The Content-Type names a charset that is not taken: {named.group(1)[:50]}"
        return refused(start_response, "400 Bad Request", said)
    return serve(environ, start_response)


def refused(start_response, status: str, said: str) -> list[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [f"{said}\n".encode(errors="replace")]


def _is_charset(name: str) -> bool:
    """Those that a browser sends. Others decode to halves of characters (utf-7), or are no charset at all."""
    try:
        return codecs.lookup(name).name in ("utf-8", "ascii", "iso8859-1", "cp1252")
    except (LookupError, ValueError):
        return False
