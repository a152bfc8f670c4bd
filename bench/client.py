"""A browser reduced to what a bench needs: one kept connection, raw bytes, so that the client costs little beside the server."""

import re
import socket
import time
from html.parser import HTMLParser
from urllib.parse import urlencode

LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


class Connection:
    def __init__(self, port: int, cookie: str = "") -> None:
        self.port, self.cookie = port, cookie
        self.socket: socket.socket | None = None

    def request(self, path: str, data: dict[str, list[str]] | None = None) -> tuple[int, bytes, bytes]:
        """(status, head, body). A POST with ``data`` also sends the referer and the CSRF cookie it got."""
        body = urlencode(data, doseq=True).encode() if data is not None else b""
        lines = [
            f"{'POST' if data is not None else 'GET'} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "Accept: text/html",
            "Accept-Language: zh-CN",
            "Accept-Encoding: gzip",  # as every phone; only pages from the cache are compressed by the portal itself
        ]
        if self.cookie:
            lines.append(f"Cookie: {self.cookie}")
        if data is not None:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
            lines += [f"Referer: http://127.0.0.1:{self.port}{path}", f"Origin: http://127.0.0.1:{self.port}"]
        return self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def send(self, raw: bytes) -> tuple[int, bytes, bytes]:
        for attempt in (1, 2):
            if self.socket is None:
                self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=120)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self.socket.sendall(raw)
                return self.receive(self.socket)
            except (ConnectionError, EOFError):
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError

    def receive(self, connection: socket.socket) -> tuple[int, bytes, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                raise EOFError
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if length is None and b"chunked" in head.lower():
            raise RuntimeError("the bench reads only answers with a length")
        wanted = int(length.group(1)) if length else 0
        while len(body) < wanted:
            piece = connection.recv(65536)
            if not piece:
                raise EOFError
            body += piece
        if b"connection: close" in head.lower():
            self.close()
        return int(head[9:12]), head, body

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def keep_cookies(self, head: bytes) -> None:
        for found in re.findall(rb"set-cookie: ([^;\r\n]+)", head, re.IGNORECASE):
            name = found.split(b"=")[0].decode()
            kept = [pair for pair in self.cookie.split("; ") if pair and not pair.startswith(f"{name}=")]
            self.cookie = "; ".join([*kept, found.decode()])


def seconds(connection: Connection, path: str, times: int) -> list[float]:
    """Service times of ``times`` requests, one after the other."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        status, _head, _body = connection.request(path)
        found.append(time.perf_counter() - start)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
    return found


class FormReader(HTMLParser):
    """The fields of the form whose action ends with ``action``, ticked as a person would who signs everyone up."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.wanted, self.inside = action, False
        self.fields: dict[str, list[str]] = {}
        self.url = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = values.get("action", "").endswith(self.wanted)
            if self.inside:
                self.url = values["action"]
        elif self.inside and tag == "input" and values.get("name") and "disabled" not in values:
            kind = values.get("type", "text")
            if kind in {"hidden", "checkbox", "text"}:
                self.fields.setdefault(values["name"], []).append(
                    values.get("value", "on" if kind == "checkbox" else "")
                )
        elif self.inside and tag == "textarea" and values.get("name"):
            self.fields.setdefault(values["name"], []).append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def read_form(page: bytes, action: str) -> tuple[str, dict[str, list[str]]]:
    reader = FormReader(action)
    reader.feed(page.decode())
    if not reader.fields:
        raise RuntimeError(f"no form for {action} on the page")
    return reader.url, reader.fields
