"""Bytes of a page as characters, and characters as a tree. Nothing here raises on bad input."""

import codecs
import re

from charset_normalizer import from_bytes
from lxml.etree import ParserError, XMLSyntaxError, _Element
from lxml.html import HTMLParser, document_fromstring

HEAD = 4096
"""Bytes in which a page must name its charset; HTML says the first 1,024, pages do not always keep to it."""
SAMPLE = 64 * 1024
"""Bytes that the detector looks at when no charset is named."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NO_CHARSETS = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
"""Codecs of Python that are no charset of a page: two of them cannot even put a sign in the place of a stray byte."""
_META = re.compile(rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]{2,40})", re.IGNORECASE)
# As browsers do (WHATWG Encoding): pages that say Latin-1 mean Windows-1252, and so on.
_MEANT = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "big5": "big5hkscs",
    "utf-16": "utf-8",  # a page that could say so in ASCII is none
}
# What XML cannot hold: control characters, halves of surrogate pairs, noncharacters.
_CONTROLS = bytes([*range(9), 0x0B, *range(0x0E, 0x20), 0x7F])
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_STRANGE = (*_NO_CHARACTERS, "\ufffd".encode())
_CHARACTER_REFERENCE = re.compile(
    rb"&#(?:x0*[0-8bBeEfF]|x0*1[0-9a-fA-F]|0*(?:[0-8]|11|1[4-9]|2\d|3[01]));", re.IGNORECASE
)

# libxml2 takes time with the square of an element's attributes. An element with so many needs none of them here: it
# is an image that carries its own bytes, or the state of a script.
_LONG = 20_000
_LONG_TAG = re.compile(rb"<([a-zA-Z][a-zA-Z0-9:\-]*)\s[^<>]{%d,}(?:>|\Z)" % _LONG)


def decoded(data: bytes, charset: str | None = None) -> str:
    """By byte order mark; as UTF-8 where every byte fits, since text in another charset hardly ever does so, while
    servers often name a default; by `charset` (of the HTTP header); by the page's own meta element; by a detector.
    A byte that fits nowhere becomes U+FFFD."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    if not data.isascii() and (text := _strict(data, "utf-8")) is not None:
        return text
    meta = _META.search(data[:HEAD])
    named = [codec for name in (charset, meta and meta[1].decode("ascii")) if (codec := _codec(name))]
    for codec in named:
        if (text := _strict(data, codec)) is not None:
            return text
    # No charset fits every byte. One stray byte in a page that is otherwise what it says is the commonest case.
    if named:
        return data.decode(named[0], "replace")
    best = from_bytes(data[:SAMPLE]).best()
    return data.decode((best and _codec(best.encoding)) or "cp1252", "replace")


def is_text(text: str) -> bool:
    """False for pictures, archives, PDF and the like, which decode to control characters and U+FFFD."""
    data = text.encode("utf-8", "ignore")
    strange = len(data) - len(data.translate(None, _CONTROLS)) + sum(map(data.count, _STRANGE))
    return strange * 100 <= len(text)


def tree(text: str) -> _Element | None:
    """The page's root element; None when there is no element at all."""
    # As bytes: given characters, libxml2 believes a charset that the page names.
    data = text.encode("utf-8", "ignore").translate(None, _CONTROLS)
    for character in _NO_CHARACTERS:
        data = data.replace(character, b"")
    data = _CHARACTER_REFERENCE.sub(b"", data)
    if max(map(len, data.split(b"<"))) > _LONG:  # the expression alone takes as long as the parser
        data = _LONG_TAG.sub(rb"<\1>", data)
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        return document_fromstring(data, parser=parser)
    except (ParserError, XMLSyntaxError):
        return None


def _codec(name: str | None) -> str | None:
    if not name:
        return None
    name = name.strip().strip("\"'").lower()
    try:
        found = codecs.lookup(_MEANT.get(name, name))
    except (LookupError, ValueError):
        return None
    return found.name if getattr(found, "_is_text_encoding", True) and found.name not in _NO_CHARSETS else None


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None
