"""Which IP addresses may be connected to, and the ones that a name stands for.

The tables are our own, not `ipaddress.is_global`, whose answers differ between the Python versions that the desk runs
on (and which knows nothing of embedded addresses). Source: IANA's special-purpose registries for IPv4 and IPv6.
"""

import socket
import threading
from concurrent.futures import Future
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.utils.translation import gettext as _

from factcheck.exceptions import AddressRefused, NoAnswer
from factcheck.fetching.budget import Budget
from factcheck.fetching.urls import LOOPBACK

FORBIDDEN_V4 = [
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network; Linux connects 0.0.0.0 to itself
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' NAT, and some clouds' metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's services on the host itself, under a public address
        "169.254.0.0/16",  # link-local: the metadata service of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # former 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
]
# IPv6 is read the other way round: only what is handed out as global unicast, less these. So ::, ::1, the mapped
# (::ffff:0:0/96), compatible (::/96) and translated (::ffff:0:0:0/96) forms of IPv4, fc00::/7, fe80::/10, fec0::/10,
# ff00::/8 and local NAT64 (64:ff9b:1::/48) fall away without being named.
GLOBAL_V6 = ip_network("2000::/3")
FORBIDDEN_V6 = [
    ip_network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which embeds any IPv4 address; retired
        "3fff::/20",  # documentation
    )
]
# Where a network speaks IPv6 only, its resolver writes every IPv4 address like this: it is as good as what it embeds.
NAT64 = ip_network("64:ff9b::/96")

MOST_LOOKUPS = 16  # under way at once in this process; more wait, within their deadline
MOST_TRIED = 8  # addresses of one name that are connected to in turn

_lookups = threading.BoundedSemaphore(MOST_LOOKUPS)


def allowed(address: str) -> bool:
    """Whether this IP address may be connected to. address: as getaddrinfo writes it; a zone makes no difference."""
    if settings.FETCH_ALLOW_LOOPBACK and address == LOOPBACK:
        return True
    return _allowed(ip_address(address.partition("%")[0]))


def _allowed(address: IPv4Address | IPv6Address) -> bool:
    if any(address in network for network in settings.FETCH_FORBIDDEN_NETWORKS):
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in FORBIDDEN_V4)
    if address in NAT64:
        return _allowed(IPv4Address(int(address) & 0xFFFF_FFFF))
    return address in GLOBAL_V6 and not any(address in network for network in FORBIDDEN_V6)


def resolve(host: str, budget: Budget) -> list[str]:
    """The IP addresses to connect to, in the resolver's order, at most MOST_TRIED. Raises AddressRefused when any
    address of the name is forbidden: a name that points both outside and inside is not one to choose from."""
    addresses = look_up(host, budget)
    if not all(allowed(address) for address in addresses):
        # The address itself is not told: it would let a stranger map the desk's network by asking for names.
        raise AddressRefused(
            _("“%(host)s” is in a network that the desk does not open.") % {"host": host}, "forbidden_address"
        )
    return addresses[:MOST_TRIED]


def look_up(host: str, budget: Budget) -> list[str]:
    """All IP addresses of a name, or the address itself, within the budget's seconds.

    The system's resolver, since it is the one that the operator set up (hosts file, container DNS). It takes no
    time limit, so it runs in a thread of its own; one that is stuck is left behind, and MOST_LOOKUPS bounds how many.
    """
    if _is_address(host):
        return [host]
    future: Future[list[str]] = Future()

    def look() -> None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            future.set_result(list(dict.fromkeys(str(sockaddr[0]) for *_rest, sockaddr in found)))
        except Exception as error:  # noqa: BLE001 - carried over to the thread that asked
            future.set_exception(error)
        finally:
            _lookups.release()

    if not _lookups.acquire(timeout=budget.left()):
        raise budget.over()
    threading.Thread(target=look, name="name look-up", daemon=True).start()
    try:
        addresses = future.result(timeout=budget.left())
    except TimeoutError:
        raise budget.over() from None
    except (OSError, UnicodeError) as error:
        passing = getattr(error, "errno", None) == socket.EAI_AGAIN
        said = _("“%(host)s” could not be looked up just now.") if passing else _("There is no site named “%(host)s”.")
        raise NoAnswer(said % {"host": host}, "dns", retry=passing) from error
    if not addresses:
        raise NoAnswer(_("There is no site named “%(host)s”.") % {"host": host}, "dns")
    return addresses


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
