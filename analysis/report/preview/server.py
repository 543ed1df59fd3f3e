"""The server of the preview: files of one folder, to this machine alone, and word to each open page that it was made anew.

Belongs here: addresses, bytes, who is looking at what. Does not belong here: making pages (``builder``), what was saved.
"""

import contextlib
import errno
import html
import http.server
import json
import mimetypes
import queue
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

HOST = "127.0.0.1"
OWN = ".preview"  # where the preview's own script and events are, beside the report's files
CLIENT = Path(__file__).parent / "client"
BEAT = 1.0  # seconds after which an open page is asked whether it is still there
REFUSED = {errno.EADDRINUSE: "is taken", errno.EACCES: "needs rights that this user does not have"}
POLICY, OPENED = "default-src 'none';", "default-src 'none'; connect-src 'self';"


class Server:
    """Serves ``folder`` on ``port`` of this machine, behind an address with a token.

    Where ``port`` is taken or needs rights that this user does not have, it is a free one, and ``instead`` says so.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.token = secrets.token_urlsafe(12)
        self.on_open: Callable[[], None] = lambda: None  # called when a browser opens a page
        self._looking: dict[queue.SimpleQueue[tuple[str, str]], str] = {}
        self._state: tuple[str, str] = ("working", "")
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"server_of": self})
        self.instead = ""
        try:
            self._http = http.server.ThreadingHTTPServer((HOST, port), handler)
        except OSError as error:
            if error.errno not in REFUSED:
                raise
            self._http = http.server.ThreadingHTTPServer((HOST, 0), handler)
            self.instead = f"port {port} {REFUSED[error.errno]}; using {self._http.server_port}"
        self._http.daemon_threads = True

    @property
    def address(self) -> str:
        """Where the report is, token included."""
        return f"http://{self.host}/{self.token}/"

    @property
    def host(self) -> str:
        """Host and port."""
        return f"{HOST}:{self._http.server_port}"

    @property
    def open_pages(self) -> list[str]:
        """The pages that browsers show, the one opened last first."""
        with self._lock:
            return list(dict.fromkeys(reversed(self._looking.values())))

    def start(self) -> None:
        """Begin to answer, in threads."""
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    def stop(self) -> None:
        """Answer no more."""
        self._http.shutdown()
        self._http.server_close()

    def working(self) -> None:
        """Something was saved: open pages say that they are being made."""
        self._tell_all("working", "")

    def problems(self, lines: list[str]) -> None:
        """Show these lines above each open page; none takes them away."""
        self._tell_all("problems", json.dumps(lines))

    def done(self) -> None:
        """All pages are as new as the files."""
        self._tell_all("done", "")

    def written(self, files: list[str]) -> None:
        """Files of the report that differ from before: pages that show one of them are loaded anew."""
        everywhere = any(name.startswith("static/") for name in files)
        with self._lock:
            for looking, page in self._looking.items():
                if everywhere or page in files:
                    looking.put(("reload", ""))

    def _tell_all(self, kind: str, data: str) -> None:
        with self._lock:
            self._state = (kind, data)
            for looking in self._looking:
                looking.put((kind, data))

    def look(self, page: str) -> "queue.SimpleQueue[tuple[str, str]]":
        """A browser shows ``page``: gives what it is to be told, beginning with how things stand."""
        looking: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        with self._lock:
            self._looking[looking] = page
            looking.put(self._state)
        self.on_open()
        return looking

    def leave(self, looking: "queue.SimpleQueue[tuple[str, str]]") -> None:
        """It shows it no more."""
        with self._lock:
            self._looking.pop(looking, None)


class _Handler(http.server.BaseHTTPRequestHandler):
    """Answers GET alone, and only for the address with the token, asked for by this machine's own name."""

    server_of: Server

    def do_GET(self) -> None:
        """Give a file, or the events of a page."""
        try:
            address = urlsplit(self.path)
            _, token, *rest = unquote(address.path).split("/", 2)
        except ValueError:  # no address of a file, or none at all
            self.send_error(404)
            return
        # Another site's page could reach this port by a name of its own that leads here.
        if self.headers.get("Host") != self.server_of.host or not secrets.compare_digest(
            token.encode(), self.server_of.token.encode()
        ):
            self.send_error(404)
            return
        name = rest[0] if rest else ""
        if name == f"{OWN}/events":
            self._events(parse_qs(address.query).get("page", ["index.html"])[0])
        elif name.startswith(f"{OWN}/"):
            self._file(CLIENT, name.removeprefix(f"{OWN}/"))
        else:
            self._file(self.server_of.folder, name if name and not name.endswith("/") else f"{name}index.html")

    def _file(self, folder: Path, name: str) -> None:
        try:
            path = (folder / name).resolve()
        except ValueError:  # a name that no file has, such as one with a NUL
            path = None
        if path is None or not path.is_relative_to(folder.resolve()):
            self.send_error(404)
            return
        try:
            data, code = path.read_bytes(), 200
        except OSError:
            if not name.endswith(".html"):
                self.send_error(404)
                return
            data, code = _waiting(name), 404
        if name.endswith(".html"):
            script = f'<script src="{"../" * name.count("/")}{OWN}/client.js" defer></script>\n</head>'
            text = data.decode("utf-8").replace(POLICY, OPENED, 1).replace("</head>", script, 1)
            data = text.encode("utf-8")
        self.send_response(code)
        self.send_header(
            "Content-Type", f"{mimetypes.guess_type(name)[0] or 'application/octet-stream'}; charset=utf-8"
        )
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(data)

    def _events(self, page: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        looking = self.server_of.look(page)
        try:
            while True:
                try:
                    kind, data = looking.get(timeout=BEAT)
                    self.wfile.write(f"event: {kind}\ndata: {data}\n\n".encode())
                except queue.Empty:
                    self.wfile.write(b":\n\n")
                self.wfile.flush()
        except (ConnectionError, ValueError, OSError):
            pass
        finally:
            self.server_of.leave(looking)

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not printed."""


def _waiting(name: str) -> bytes:
    """What stands in place of a page that was not made yet, or is none."""
    words = "has not been made yet, or is no page of the preview. If it is made, it appears here by itself."
    head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Not there yet</title></head>'
    return f"{head}<body><p>{html.escape(name)} {words}</p></body></html>".encode()
