"""What gunicorn serves."""

import codecs
import os
import re

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

serve = get_wsgi_application()


def application(environ, start_response):
    """Django decodes a request in whatever charset it names; `rot13` is a codec too, and no charset."""
    named = re.search(r"charset\s*=\s*\"?([^\s;\"]+)", environ.get("CONTENT_TYPE", ""), re.IGNORECASE)
    if named and not _is_charset(named.group(1)):
        start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
        return [f"The Content-Type names a charset that is not taken: {named.group(1)[:50]}\n".encode(errors="replace")]
    return serve(environ, start_response)


def _is_charset(name: str) -> bool:
    """Those that a browser sends. Others decode to halves of characters (utf-7), or are no charset at all."""
    try:
        return codecs.lookup(name).name in ("utf-8", "ascii", "iso8859-1", "cp1252")
    except (LookupError, ValueError):
        return False
