"""A TCP proxy between a station and its server, as bad as networks are.

Every method may be called from any thread.
"""

import asyncio
import contextlib
import threading


class Proxy:
    """Listens on a port of this PC, ``port``, and passes on to ``target`` there. A context manager."""

    def __init__(self, target):
        self.target, self.port, self.delay = target, None, 0.0
        self._loop = asyncio.new_event_loop()
        self._open, self._swallowing, self._ways = asyncio.Event(), (False, False), []
        self._open.set()
        self._refusing = False
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy")

    def __enter__(self):
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._serve, "127.0.0.1", self.port or 0))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_error):
        self.go_on()
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def freeze(self):
        """Connections stay open, new ones are taken, nothing goes through; ``go_on`` delivers what was held back."""
        self._do(self._set(False))

    def swallow(self, answers_only=False):
        """What is said from now on is lost, and connections that lost something stay silent on that way."""
        self._swallowing = (not answers_only, True)

    def go_on(self):
        """After ``freeze``, ``swallow`` or ``refuse``."""
        self._swallowing, self._refusing = (False, False), False
        self._do(self._set(True))

    def refuse(self):
        """Every connection ends and no new one is had, as while the server is down; until ``go_on``."""
        self._refusing = True
        self.cut()

    def cut(self):
        """Every connection ends at once, to both sides."""
        self._do(self._cut())

    def half_close(self, to_server):
        """Every connection is closed towards one side, and the other hears nothing of it, nor of anything else."""
        self._do(self._half_close(to_server))

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _set(self, is_open):
        (self._open.set if is_open else self._open.clear)()

    async def _serve(self, reader, writer):
        try:
            if self._refusing:
                return
            await self._open.wait()
            there = await asyncio.open_connection("127.0.0.1", self.target)
            self._ways.append(way := _Way(self, (reader, writer), there))
            try:
                await way.run()
            finally:
                self._ways.remove(way)
                there[1].transport.abort()
        except (OSError, asyncio.CancelledError):  # the server does not listen; the proxy ends
            pass
        finally:
            writer.transport.abort()

    async def _cut(self):
        for way in list(self._ways):
            way.cut()

    async def _half_close(self, to_server):
        for way in self._ways:
            way.half_close(to_server)

    async def _end(self):
        self._server.close()
        await self._cut()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # what was aborted is gone after one turn


class _Way:
    """One connection through the proxy."""

    def __init__(self, proxy, here, there):
        self._proxy, self._here, self._there = proxy, here, there
        self._mute = [False, False]  # questions, answers

    async def run(self):
        await asyncio.gather(self._pour(0, self._here[0], self._there[1]), self._pour(1, self._there[0], self._here[1]))

    async def _pour(self, side, reader, writer):
        with contextlib.suppress(OSError, RuntimeError):
            while data := await reader.read(65536):
                await self._proxy._open.wait()
                if self._proxy.delay:
                    await asyncio.sleep(self._proxy.delay)
                self._mute[side] |= self._proxy._swallowing[side]
                if not self._mute[side]:
                    writer.write(data)
                    await writer.drain()
        await self._proxy._open.wait()
        if not self._mute[side]:
            with contextlib.suppress(OSError, RuntimeError):
                writer.write_eof()

    def cut(self):
        for _, writer in (self._here, self._there):
            writer.transport.abort()

    def half_close(self, to_server):
        self._mute = [True, True]
        with contextlib.suppress(OSError, RuntimeError):
            (self._there if to_server else self._here)[1].write_eof()
