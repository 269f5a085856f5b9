"""Gates: ports that pass TCP connections on to another port, and that can be shut or stopped on the way.

A shut gate refuses, as a host whose program is down. A stopped one takes connections and passes nothing on, as a
line that loses every packet; what waits in it goes on when it does.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine
from typing import Self

from panel.engines.ports import HOST

BYTES = 65_536
CALL_SECONDS = 10
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Gate:
    """One port at `host`, with `target_port` on loopback behind it. Its methods may be called from any thread."""

    def __init__(self, gates: "Gates", target_port: int, host: str):
        self._gates = gates
        self._target_port = target_port
        self._host = host
        self._flows = asyncio.Event()
        self._flows.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    def open(self) -> None:
        """Take connections, at the port of before, and pass everything on."""
        self._gates.run(self._open())

    def shut(self) -> None:
        """Refuse connections and reset those there are."""
        self._gates.run(self._shut())

    def stop(self) -> None:
        """Pass nothing on from now on, in either direction."""
        self._gates.run(self._set(False))

    def go_on(self) -> None:
        """Pass on what waits, and everything after it."""
        self._gates.run(self._set(True))

    async def _open(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._pass_on, self._host, self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            _reset(writer)

    async def _set(self, flows: bool) -> None:
        self._flows.set() if flows else self._flows.clear()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mine = [writer]
        try:
            await self._flows.wait()
            there, back = await asyncio.open_connection(HOST, self._target_port)
            mine.append(back)
            self._writers.update(mine)
            await asyncio.gather(self._pump(reader, back), self._pump(there, writer))
        except OSError:
            for one in mine:
                _reset(one)
        finally:
            self._writers.difference_update(mine)
            for one in mine:
                one.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(BYTES):
            await self._flows.wait()
            sink.write(data)
            await sink.drain()
        await self._flows.wait()
        if sink.can_write_eof():
            sink.write_eof()


class Gates:
    """All gates of a run, in a thread of their own; a context manager."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="gates", daemon=True)
        self._gates: list[Gate] = []

    def make(self, target_port: int, host: str = HOST) -> Gate:
        """A new open gate to a port of loopback."""
        gate = Gate(self, target_port, host)
        self._gates.append(gate)
        gate.open()
        return gate

    def run(self, work: Coroutine) -> None:
        """Do this in the gates' thread, and wait for it."""
        asyncio.run_coroutine_threadsafe(work, self._loop).result(CALL_SECONDS)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error) -> None:
        for gate in self._gates:
            gate.shut()
        self.run(self._end_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end_tasks(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close so that the other side sees a reset, not an end."""
    with contextlib.suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    writer.transport.abort()
