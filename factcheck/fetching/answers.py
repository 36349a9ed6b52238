"""What an answer may be: its status, its kind, its size on the wire and unpacked."""

import re
import zlib
from collections.abc import Collection, Iterator

from django.conf import settings
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _
from urllib3 import HTTPResponse, Retry
from urllib3.exceptions import InvalidHeader

from factcheck.exceptions import AnswerRefused
from factcheck.fetching.budget import Budget

CHUNK = 65_536  # bytes read, and unpacked, at a time: what a bomb can put into memory before it is looked at
SMALL = 1_048_576  # bytes that may come out of anything: only above does the ratio count
LONGEST_WAIT = 21_600.0  # seconds of Retry-After that are believed
PASSING = {408, 425, 429, 500, 502, 503, 504}
ACCEPT_ENCODING = "gzip, deflate"  # what zlib unpacks; nobody needs to send anything else
LENGTHS = re.compile(r"\s*[0-9]+\s*(,\s*[0-9]+\s*)*", re.ASCII)
CHARSET = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,39}")
NOT_OF_PAGES = {
    "idna",
    "punycode",
    "undefined",
    "unicode-escape",
    "raw-unicode-escape",
    "utf-7",
}  # Python's own, or slow


def check_status(response: HTTPResponse) -> None:
    """Only a whole page will do. Raises AnswerRefused."""
    status = response.status
    if status in (200, 203):
        return
    if status in (404, 410):
        said = _("The site says that there is nothing at this address (%(status)s).")
    elif status in (401, 402, 403, 407, 451):
        said = _("The site does not let the desk read this (%(status)s).")
    elif status in (429, 503):
        said = _("The site asks to come back later (%(status)s).")
    elif status >= 500:
        said = _("The site has an error of its own (%(status)s).")
    else:
        said = _("The site answered without a page (%(status)s).")
    reason = "gone" if status == 410 else "status"
    raise AnswerRefused(
        said % {"status": status},
        reason,
        retry=status in PASSING,
        retry_after=retry_after(response),
        status=status,
    )


def retry_after(response: HTTPResponse) -> float | None:
    if response.status not in PASSING or not (value := response.headers.get("Retry-After")):
        return None
    try:
        return min(Retry().parse_retry_after(value), LONGEST_WAIT)
    except (InvalidHeader, ValueError, OverflowError):
        return None


def kind(response: HTTPResponse) -> tuple[str, str]:
    """(media type, charset), in lower case; each "" when it was not said, or cannot be understood."""
    said = response.headers.get("Content-Type", "")
    media_type = said.partition(";")[0].strip().lower()
    try:
        charset = parse_header_parameters(said)[1].get("charset", "").strip().lower()
        if not CHARSET.fullmatch(charset) or charset.replace("_", "-") in NOT_OF_PAGES:
            return media_type, ""
        b"x".decode(charset, "replace")
    except (LookupError, ValueError):  # no such encoding, or RFC 2231's way to write parameters, broken
        return media_type, ""
    return media_type, charset


def check_kind(media_type: str, accept: Collection[str]) -> None:
    """Raises AnswerRefused when the answer is of another kind; "" in accept also takes what does not say its kind."""
    if media_type not in accept:
        raise AnswerRefused(
            _("At this address there is %(kind)s, not what the desk can read (%(accept)s).")
            % {
                "kind": media_type[:80] or _("something that does not say what it is"),
                "accept": ", ".join(sorted(filter(None, accept))),
            },
            "content_type",
        )


def read(response: HTTPResponse, budget: Budget) -> tuple[bytes, int]:
    """(the body unpacked, bytes of it on the wire). Raises AnswerRefused as soon as a limit is passed."""
    limit = settings.FETCH_WIRE_LIMIT
    said = _("What is at this address is larger than %(most)s MB.") % {"most": f"{limit / 1e6:g}"}
    # RFC 9112, 6.3: a length that is none is an error. urllib3 would read on to whatever end there is.
    if not LENGTHS.fullmatch(response.headers.get("Content-Length", "0")):
        raise AnswerRefused(_("The site says how long this is by something that is no number."), "malformed")
    if (response.length_remaining or 0) > limit:
        raise AnswerRefused(said, "too_large")
    budget.allow(limit, said)
    unpacker = _Unpacker(response)
    body = bytearray()
    wire = 0
    while piece := response.read(CHUNK, decode_content=False):
        wire += len(piece)
        for part in unpacker.unpack(piece):
            body += part
            budget.left()
            if len(body) > settings.FETCH_DECODED_LIMIT:
                raise AnswerRefused(
                    _("What is at this address is larger than %(most)s MB when it is unpacked.")
                    % {"most": f"{settings.FETCH_DECODED_LIMIT / 1e6:g}"},
                    "too_large",
                )
            if len(body) > max(SMALL, settings.FETCH_RATIO_LIMIT * (wire - unpacker.waiting)):
                raise AnswerRefused(
                    _("What is at this address is packed too tightly: unpacked it has over %(ratio)s times the size.")
                    % {"ratio": settings.FETCH_RATIO_LIMIT},
                    "ratio",
                )
    if wire:
        unpacker.finish()
    return bytes(body), wire


class _Unpacker:
    """Content-Encoding undone piece by piece. urllib3's own would take a stream that breaks off for a whole one."""

    def __init__(self, response: HTTPResponse) -> None:
        names = [name.strip().lower() for name in response.headers.get("Content-Encoding", "").split(",")]
        names = [name for name in names if name not in ("", "identity")]
        if names and names not in (["gzip"], ["x-gzip"], ["deflate"]):  # packed twice is a bomb's way, not a site's
            raise AnswerRefused(_("The site sends this packed in a way that was not asked for."), "encoding")
        self.encoding = names[0] if names else ""
        self.zlib = zlib.decompressobj(zlib.MAX_WBITS if self.encoding == "deflate" else 16 + zlib.MAX_WBITS)
        self.begun = False

    def unpack(self, data: bytes) -> Iterator[bytes]:
        """Parts of at most CHUNK bytes. What follows the end of the packed stream is left out, as browsers do."""
        if not self.encoding:
            yield data
            return
        while not self.zlib.eof:
            try:
                part = self.zlib.decompress(data, CHUNK)
            except zlib.error:
                if self.begun or self.encoding != "deflate":
                    raise self._broken() from None
                self.zlib = zlib.decompressobj(-zlib.MAX_WBITS)  # some servers send deflate without zlib's frame
                self.begun = True
                continue
            self.begun = True
            yield part
            data = self.zlib.unconsumed_tail
            if not data and len(part) < CHUNK:
                return

    @property
    def waiting(self) -> int:
        """Bytes that were taken in and not looked at yet."""
        return len(self.zlib.unconsumed_tail)

    def finish(self) -> None:
        if self.encoding and not self.zlib.eof:
            raise self._broken()

    @staticmethod
    def _broken() -> AnswerRefused:
        return AnswerRefused(_("What the site sent cannot be unpacked."), "encoding", retry=True)
