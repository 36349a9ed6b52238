"""A partner's server on 127.0.0.1: keeps what is posted to it, and answers as it is told."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Posted:
    headers: dict[str, str]
    body: bytes


class Receiver:
    """answer(posted) -> (status, headers), or None: no answer, until it is closed. posted: what came, in full."""

    def __init__(self, answer: Callable[[Posted], tuple[int, dict[str, str]] | None]) -> None:
        self.posted: list[Posted] = []
        self.closing = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                posted = Posted({name.lower(): value for name, value in self.headers.items()}, body)
                receiver.posted.append(posted)
                answered = answer(posted)
                if answered is None:
                    receiver.closing.wait()
                    return
                status, headers = answered
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "5")
                self.end_headers()
                self.wfile.write(b"Done.")

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}/hooks"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def close(self) -> None:
        self.closing.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
