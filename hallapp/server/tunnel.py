"""The way from a standby to the server it follows.

The wheel's PostgreSQL speaks no TLS (hallapp.server.front), so its replication goes to a port of this PC, and from
there encrypted to the other server's front.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import struct
from pathlib import Path
from threading import Thread
from typing import Self

from hallapp.domain.errors import ServerFailed
from hallapp.server.front import SSL_REQUEST, join

SECONDS = 10.0


class Tunnel:
    """Listens at ``local`` on 127.0.0.1 and leads to the front at ``host`` and ``port``, which must show the
    ``certificate``. A context manager, with a thread of its own. Raises ServerFailed if it cannot listen."""

    def __init__(self, host: str, port: int, certificate: Path, local: int) -> None:
        self._host, self._port, self._local = host, port, local
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context.check_hostname = False  # of the one certificate that this PC was given, whatever the address
        self._context.load_verify_locations(certificate)
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="tunnel", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._server = asyncio.run_coroutine_threadsafe(
                asyncio.start_server(self._serve, "127.0.0.1", self._local), self._loop).result(SECONDS)
        except OSError as error:
            self._end()
            raise ServerFailed("listen", f"127.0.0.1:{self._local}") from error
        return self

    def __exit__(self, *_error: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(SECONDS)
        self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # what was closed is gone after one turn

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.CancelledError):
            there = await asyncio.wait_for(asyncio.open_connection(self._host, self._port), SECONDS)
            try:
                await asyncio.wait_for(self._encrypt(*there), SECONDS)
                await join(reader, writer, *there)
            finally:
                there[1].close()
        writer.close()

    async def _encrypt(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(struct.pack("!ii", 8, SSL_REQUEST))
        await writer.drain()
        if await reader.readexactly(1) != b"S":
            raise ConnectionRefusedError
        await writer.start_tls(self._context, server_hostname=self._host)
