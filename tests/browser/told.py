"""What the desk was told in the windows of a test, and what lets somebody in. None of it may stand in a log."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Error, Request

TELLING = re.compile(r"(?=.{8}).*[^\W\d_]")  # anything shorter, and a mere number or day, stands in a log by chance
KEY_IN_A_PATH = re.compile(r"/password/reset/key/[^/-]+-([^/]+)/")
# Fields that nobody types: where a form or a link leads, which every log names, and a choice between words of ours.
CHOSEN = {"next", "set-password", "change_kind"}


class Logs:
    """The logs of the running stack, as far as they were written since each was added."""

    def __init__(self) -> None:
        self._begin: dict[Path, int] = {}

    def add(self, log: Path) -> Path:
        self._begin[log] = log.stat().st_size if log.exists() else 0
        return log

    def written(self) -> dict[Path, str]:
        return {log: log.read_bytes()[begin:].decode(errors="replace") for log, begin in self._begin.items()}


class Told:
    """Fills itself from each request of a window (`context.on("request", told.request)`)."""

    def __init__(self) -> None:
        passwords = (settings.DATABASES["default"]["PASSWORD"], settings.DATABASE_OWNER["PASSWORD"])
        self.words = {settings.SECRET_KEY, *passwords, urlsplit(settings.REDIS_URL).password or ""}

    def request(self, request: Request) -> None:
        """Every field of a form, passwords and tokens among them; every word of a search; the key of a mailed link."""
        self.words |= set(KEY_IN_A_PATH.findall(request.url))
        typed = parse_qsl(urlsplit(request.url).query)
        if request.method == "POST" and request.post_data:
            typed += parse_qsl(request.post_data)
        for name, text in typed:
            if name not in CHOSEN:
                self.words |= {line.strip() for line in text.splitlines()}

    def keep_cookies(self, context: BrowserContext) -> None:
        try:
            self.words |= {cookie["value"] for cookie in context.cookies()}
        except Error:
            pass  # the test has closed the window

    def keep_what_lets_in(self) -> None:
        """What the database holds of it: sessions, the keys of authenticator apps, codes that were not used."""
        self.words |= set(Session.objects.values_list("session_key", flat=True))
        for factor in Authenticator.objects.all():
            if factor.type == Authenticator.Type.TOTP:
                self.words.add(TOTP(factor).instance.data["secret"])
            if factor.type == Authenticator.Type.RECOVERY_CODES:
                self.words |= set(RecoveryCodes(factor).get_unused_codes())

    def found_in(self, log: str) -> set[str]:
        """Those that stand there, as they are or as an address writes them."""
        return {
            word
            for word in self.words
            if TELLING.match(word) and any(way in log for way in (word, quote(word), quote_plus(word)))
        }
