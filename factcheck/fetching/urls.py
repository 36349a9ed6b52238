"""Addresses as people, feeds and pages write them: read once, strictly, and put together again from the parts.

Browsers, urlsplit, urllib3 and the C library disagree about backslashes, tabs, `0177.1`, `①` and what stands before an
`@`. Whatever two of them could read differently is refused here or written out in the one plain form, and everything
after this file (the name that is looked up, the address connected to, Host, SNI, the next redirect's base) comes from
the parts of a Target and never from the text.
"""

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urljoin, urlsplit

import idna
from django.conf import settings
from django.utils.translation import gettext as _

from factcheck.exceptions import AddressRefused

LONGEST_URL = 4096  # characters
DEFAULT_PORTS = {"http": 80, "https": 443}
LOOPBACK = "127.0.0.1"  # all that FETCH_ALLOW_LOOPBACK opens; 127.0.0.2 and ::1 stay shut for tests to listen on

AUTHORITY = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^\[\]:%]+))(?::(?P<port>[0-9]*))?")
NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")  # a last label that makes browsers and inet_aton read the whole as IPv4
LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
NEVER = {"Cc", "Cs", "Zl", "Zp"}  # Unicode's controls, halves of characters, and separators of lines
SAFE_IN_PATH = "/:@!$&'()*+,;=-._~%"
SAFE_IN_QUERY = SAFE_IN_PATH + "?[]"


@dataclass(frozen=True)
class Target:
    """An address in parts. host: a lower-case ASCII name or an IP address, without brackets or a final dot; path: with
    the query, percent-encoded, beginning with `/`. There is no fragment: no server is ever sent one."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What stands in the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def parse(url: str, base: Target | None = None) -> Target:
    """Read an address; with a base (a redirect), one that may be relative to it. Raises AddressRefused.

    Nothing is looked up: a name may still lead into a forbidden network (networks.resolve).
    """
    text = url.strip(" \t\r\n\u200b\ufeff")  # what is pasted often brings a line's end along, or something unseen
    if not text:
        raise AddressRefused(_("There is no address."), "malformed")
    if len(text) > LONGEST_URL:
        raise AddressRefused(
            _("The address has %(length)s characters; the most is %(most)s.")
            % {"length": f"{len(text):,}", "most": f"{LONGEST_URL:,}"},
            "malformed",
        )
    if "\\" in text or any(unicodedata.category(letter) in NEVER for letter in text):
        raise AddressRefused(_("The address contains a backslash, a line break or a control character."), "malformed")
    try:
        parts = urlsplit(urljoin(base.url, text) if base else text)
    except ValueError:
        raise _unreadable() from None
    if parts.scheme not in DEFAULT_PORTS:
        raise AddressRefused(_("The address must begin with https:// or http://."), "scheme")
    if "@" in parts.netloc:
        raise AddressRefused(_("The address contains a user name or a password. Leave that part out."), "credentials")
    authority = AUTHORITY.fullmatch(parts.netloc)
    if authority is None:
        raise _unreadable()
    host = _ipv6(authority["v6"]) if authority["v6"] else _host(authority["name"])
    path = _quoted(parts.path, SAFE_IN_PATH) or "/"
    if parts.query:
        path += "?" + _quoted(parts.query, SAFE_IN_QUERY)
    return Target(parts.scheme, host, _port(authority["port"], parts.scheme, host), path)


def _unreadable() -> AddressRefused:
    return AddressRefused(
        _("This is not a web address that can be read. Copy it from the browser's address line."), "malformed"
    )


def _quoted(text: str, safe: str) -> str:
    return quote(LONE_PERCENT.sub("%25", text), safe=safe)


def _ipv6(text: str) -> str:
    try:
        return str(IPv6Address(text))
    except ValueError:
        raise _unreadable() from None


def _host(text: str) -> str:
    """The name in ASCII, or an IPv4 address that is written as one."""
    try:
        name = text if text.isascii() else idna.uts46_remap(text, std3_rules=True)
        if not name.isascii():
            name = idna.encode(name).decode("ascii")
    except idna.IDNAError:
        raise _unreadable() from None
    name = name.lower().removesuffix(".")
    if NUMERIC.fullmatch(name.rpartition(".")[2]):
        try:
            return str(IPv4Address(name))
        except ValueError:
            raise AddressRefused(
                _("The address names its host by a number. Write its name, or four plain numbers with dots."),
                "malformed",
            ) from None
    if not NAME.fullmatch(name) or len(name) > 253:
        raise _unreadable()
    if "." not in name:
        raise AddressRefused(
            _("“%(host)s” is a name of a local network, which the desk does not open.") % {"host": name},
            "forbidden_address",
        )
    return name


def _port(text: str | None, scheme: str, host: str) -> int:
    port = int(text[:6]) if text else DEFAULT_PORTS[scheme]
    exempt = settings.FETCH_ALLOW_LOOPBACK and host == LOOPBACK and 0 < port < 65536
    if port not in settings.FETCH_PORTS and not exempt:
        raise AddressRefused(
            _("The address names port %(port)s; the desk opens %(allowed)s only.")
            % {"port": port, "allowed": ", ".join(map(str, sorted(settings.FETCH_PORTS)))},
            "port",
        )
    return port
