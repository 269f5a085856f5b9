"""One kept-alive connection of the load client, and the answer that is arriving on it.

Client and server share the machine, so whatever the client does is taken from what it measures: an answer
stays where it arrived, and only its status, its length and what the check looks at are read.
"""

import re
import socket

HOST = "127.0.0.1"
LARGEST_ANSWER = 16 * 1024 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked\r\n", re.IGNORECASE)
_BODILESS = (204, 304)


class LoadError(Exception):
    """The server hung up, fell silent, or sent what can't be read as HTTP."""


class Connection:
    """The last answer is `status` and `buffer[start:end]`, once `receive` says it is whole."""

    __slots__ = ("_chunked", "_filled", "_view", "_whole", "buffer", "end", "socket", "start", "status")

    def __init__(self, port: int):
        # Blocking: it is only read when there is something, and a large request may wait for its reader.
        self.socket = socket.create_connection((HOST, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray(LARGEST_ANSWER)
        self._view = memoryview(self.buffer)
        self._forget()

    def receive(self) -> bool:
        """Read what has arrived; True once the answer is whole. Raises LoadError."""
        if self._whole:
            self._forget()
        got = self.socket.recv_into(self._view[self._filled :])
        if not got:
            raise LoadError("the server hung up")
        self._filled += got
        if not self.start and not self._read_head():
            return False
        last = self._find_last_chunk() if self._chunked else self.end
        self._whole = 0 < last <= self._filled
        if self._whole and last < self._filled:
            raise LoadError(f"more than one answer to one request: {self.describe()}")
        return self._whole

    def describe(self) -> str:
        """The answer's status and the beginning of its body."""
        return f"{self.status} {bytes(self.buffer[self.start : min(self._filled, self.start + 200)])!r}"

    def close(self) -> None:
        """Hang up."""
        self.socket.close()

    def _forget(self) -> None:
        self._filled = self.start = self.end = self.status = 0
        self._chunked = self._whole = False

    def _read_head(self) -> bool:
        blank = self.buffer.find(b"\r\n\r\n", 0, self._filled)
        if blank < 0:
            return False
        self.status, self.start = int(self.buffer[9:12]), blank + 4
        length = _LENGTH.search(self.buffer, 0, blank + 2)
        if self.status in _BODILESS:
            self.end = self.start
        elif length:
            self.end = self.start + int(length[1])
        elif _CHUNKED.search(self.buffer, 0, blank + 2):
            self._chunked = True
        else:
            raise LoadError("an answer of unknown length")
        return True

    def _find_last_chunk(self) -> int:
        """Where the last chunk ends, 0 while it has not arrived; then the chunks are moved together."""
        chunks, place = [], self.start
        while (line_end := self.buffer.find(b"\r\n", place, self._filled)) >= 0:
            size = int(self.buffer[place:line_end], 16)
            place = line_end + 2 + size + 2
            if place > self._filled:
                break
            if not size:
                self._join(chunks)
                return place
            chunks.append((line_end + 2, line_end + 2 + size))
        return 0

    def _join(self, chunks: list[tuple[int, int]]) -> None:
        if chunks:
            self.start, self.end = chunks[0]
        else:
            self.end = self.start
        for first, last in chunks[1:]:
            self.buffer[self.end : self.end + last - first] = self.buffer[first:last]
            self.end += last - first
