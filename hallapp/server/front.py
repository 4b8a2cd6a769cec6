"""The server's TLS side: takes stations' connections, encrypted only, and hands them to PostgreSQL on this PC.

The wheel's PostgreSQL is built without TLS (``pg_config --configure``), so it listens to this PC alone and this front,
with Python's own TLS, stands before it. The requests are those of PostgreSQL's protocol 3.0, chapter 53.2.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import ssl
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SSL_REQUEST, GSS_REQUEST = 80877103, 80877104
HELLO_SECONDS = 10.0  # for saying what one wants: a port scanner must not keep a connection
REFUSAL = b"SFATAL\0C28000\0Mthis server takes encrypted connections only (sslmode=require)\0\0"


@dataclass(frozen=True, slots=True)
class Front:
    """Listens at ``hosts`` and ``port``; PostgreSQL is at ``inner`` on 127.0.0.1."""

    hosts: Sequence[str]
    port: int
    inner: int
    certificate: Path
    key: Path

    def run(self) -> None:
        """Until SIGTERM or SIGINT. Raises OSError if it cannot listen."""
        asyncio.run(self._run())

    async def _run(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate, self.key)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            # whatever a visitor does wrong, and the end of the service, end this connection and no other
            with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.CancelledError):
                if await asyncio.wait_for(_encrypted(reader, writer, context), HELLO_SECONDS):
                    await self._join(reader, writer)
            writer.close()

        stopped = asyncio.Event()
        with contextlib.suppress(NotImplementedError):  # Windows: the process is ended from outside
            for sign in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(sign, stopped.set)
        async with await asyncio.start_server(serve, list(self.hosts), self.port):
            await stopped.wait()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self.inner)
        await join(reader, writer, inner_reader, inner_writer)


async def join(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, other_reader: asyncio.StreamReader,
    other_writer: asyncio.StreamWriter,
) -> None:
    """Bytes both ways until either side ends; then the other one is closed."""
    ways = [asyncio.ensure_future(_pour(reader, other_writer)), asyncio.ensure_future(_pour(other_reader, writer))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        other_writer.close()


async def _encrypted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext) -> bool:
    """Whether the connection is encrypted now; anything that begins otherwise is refused in PostgreSQL's words."""
    while True:
        length, request = struct.unpack("!ii", await reader.readexactly(8))
        if (length, request) == (8, SSL_REQUEST):
            writer.write(b"S")
            await writer.drain()
            await writer.start_tls(context)
            return True
        if (length, request) != (8, GSS_REQUEST):
            writer.write(b"E" + struct.pack("!i", len(REFUSAL) + 4) + REFUSAL)
            await writer.drain()
            return False
        writer.write(b"N")
        await writer.drain()


async def _pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        target.write(data)
        await target.drain()
