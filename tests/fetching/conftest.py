"""Sites that the tests fetch from, listeners that nobody may reach, and an observer of every connection."""

import contextlib
import socket
import ssl
import struct
import sys
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

observers: list[list] = []


def observe(event, arguments):
    if event == "socket.connect" and threading.current_thread().name != "site":
        for seen in observers:
            seen.append(arguments[1][:2])


sys.addaudithook(
    observe
)  # below all Python code: sees each connect, whoever calls it. A hook cannot be taken off again


@pytest.fixture
def connects():
    """(address, port) of every connect while the test runs, other than the sites' own."""
    seen = []
    observers.append(seen)
    yield seen
    observers.remove(seen)


class Site:
    """Speaks raw HTTP, or nothing of the kind. pages: path -> the bytes to send, or a function of the connection; ""
    stands for any other path. requests: what came, in full. accepted: how often somebody connected."""

    def __init__(self, host="127.0.0.1", port=0, tls=None):
        self.pages = {}
        self.requests = []
        self.accepted = 0
        self.names = []  # of SNI
        self.tls = tls
        self.closing = threading.Event()
        self.listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        self.port = self.listener.getsockname()[1]
        self.threads = [threading.Thread(target=self.listen, name="site")]
        self.threads[0].start()

    @property
    def url(self):
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def listen(self):
        while True:
            with contextlib.suppress(OSError):
                connection, _ = self.listener.accept()
                if self.closing.is_set():
                    connection.close()
                    return
                self.accepted += 1
                self.threads.append(threading.Thread(target=self.serve, args=(connection,), name="site"))
                self.threads[-1].start()

    def serve(self, connection):
        connection.settimeout(5)
        with contextlib.suppress(OSError), connection:
            if self.tls:
                self.tls.sni_callback = lambda _socket, name, _context: self.names.append(name)
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                request = b""
                while not request.endswith(b"\r\n\r\n"):
                    if not (piece := connection.recv(65_536)):
                        return
                    request += piece
                self.requests.append(request.decode("latin-1"))
                path = request.split()[1].decode("latin-1")
                page = self.pages.get(path, self.pages.get("", answer(404)))
                if callable(page):
                    page(connection)
                else:
                    connection.sendall(page)

    def close(self):
        self.closing.set()
        with socket.socket(self.listener.family) as wake:
            wake.connect(self.listener.getsockname())
        for thread in self.threads:
            thread.join()
        self.listener.close()


def answer(status=200, body=b"", *headers, kind="text/html; charset=utf-8"):
    """An answer in bytes. headers: lines; one that begins with Content-Length stands for the true one."""
    lines = [f"HTTP/1.1 {status} Said", *([f"Content-Type: {kind}"] if kind else []), *headers]
    if not any(line.startswith(("Content-Length", "Transfer-Encoding")) for line in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def drip(data, every=0.05):
    """Sends data one byte at a time, over and over, until the other side has gone."""

    def send(connection):
        stop = threading.Event()
        while True:
            for byte in data:
                connection.sendall(bytes([byte]))
                stop.wait(every)

    return send


def reset(data):
    """Sends data and then cuts the connection (RST)."""

    def send(connection):
        connection.sendall(data)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return send


@pytest.fixture
def vault(site):
    """Listeners on the site's port at 127.0.0.2 and ::1, which stay forbidden. At the end none was connected to. A
    machine that lacks one of the two still has the observer (connects)."""
    listeners = []
    for host in ("127.0.0.2", "::1"):
        with contextlib.suppress(OSError):
            listeners.append(Site(host, site.port))
    yield listeners
    reached = [listener.accepted for listener in listeners]
    for listener in listeners:
        listener.close()
    assert sum(reached) == 0


@pytest.fixture
def names(monkeypatch):
    """The resolver's answers: name -> list of answers, each a list of addresses; the last one stays. What is not in it
    does not exist. `names.asked` lists the look-ups."""

    class Names(dict):
        asked = []

    known = Names()
    known.asked = []

    def getaddrinfo(host, port, *_args, **_kwargs):
        known.asked.append(host)
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        found = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
        if callable(found):
            found = found()
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port or 0, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0))
            for address in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return known


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    """certificates(name, days) -> a server's TLS context, under an authority of the tests' own, whose certificate is
    certificates.authority (a path). days: for how long it is valid; negative when it was."""
    folder = tmp_path_factory.mktemp("certificates")
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "An authority of the tests")])
    authority_key = ec.generate_private_key(ec.SECP256R1())

    def signed(subject, key, days, *extensions):
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=30))
            .not_valid_after(now + timedelta(days=days))
        )
        for extension in extensions:
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        return builder.sign(authority_key, hashes.SHA256()).public_bytes(Encoding.PEM)

    def make(name, days=30):
        key = ec.generate_private_key(ec.SECP256R1())
        try:
            alternative = x509.IPAddress(ip_address(name))
        except ValueError:
            alternative = x509.DNSName(name)
        file = folder / f"{name}{days}.pem"
        file.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            + signed(
                x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "A site of the tests")]),
                key,
                days,
                x509.SubjectAlternativeName([alternative]),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    make.authority = folder / "authority.pem"
    make.authority.write_bytes(signed(issuer, authority_key, 30, x509.BasicConstraints(ca=True, path_length=0)))
    return make
