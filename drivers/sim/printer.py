"""A receipt printer on TCP and, if wanted, on a serial line, that fails when told.

``python -m drivers.sim.printer --port 9100 --paper 20`` takes commands on stdin.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import selectors
import socket
import sys
import threading
from types import TracebackType
from typing import Protocol, Self

from drivers.sim.mechanism import Fault, Mechanism


class _Line(Protocol):
    """A connection to a computer."""

    def fileno(self) -> int: ...

    def recv(self, size: int, /) -> bytes: ...

    def send(self, data: bytes, /) -> int: ...

    def close(self) -> None: ...


class _Pty:
    """A pseudo terminal; its far end stays open, so that clients may come and go."""

    def __init__(self) -> None:
        import tty

        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)

    def fileno(self) -> int:
        return self._master

    def recv(self, size: int, /) -> bytes:
        return os.read(self._master, size)

    def send(self, data: bytes, /) -> int:
        return os.write(self._master, data)

    def close(self) -> None:
        os.close(self._master)
        os.close(self._slave)


class PrinterSimulator:
    """A context manager; ``port`` 0 takes a free one, read it back from ``port``. ``device`` is the serial line."""

    def __init__(self, port: int = 0, *, paper: int | None = None, pty: bool = False) -> None:
        self._mechanism = Mechanism(paper)
        self._changed = threading.Condition()  # guards the mechanism
        self._listener = socket.create_server(("127.0.0.1", port))
        self._wake, self._woken = socket.socketpair()
        self._pty = _Pty() if pty else None
        self._last: _Line | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="printer-simulator")
        self.port: int = self._listener.getsockname()[1]
        self.device = self._pty.path if self._pty else ""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closing.set()
        self._wake.send(b".")
        self._thread.join()
        self._wake.close()
        self._woken.close()

    def set(self, fault: Fault, on: bool = True) -> None:
        with self._changed:
            (self._mechanism.faults.add if on else self._mechanism.faults.discard)(fault)
        self._wake.send(b".")

    def fail_after(self, count: int, fault: Fault) -> None:
        """``fault`` comes by itself once ``count`` more bytes of jobs were taken."""
        with self._changed:
            self._mechanism.fail_after = (count, fault)

    def load(self, paper: int | None) -> None:
        """A new roll, good for ``paper`` slips."""
        with self._changed:
            self._mechanism.paper = paper
        self._wake.send(b".")

    @property
    def slips(self) -> list[bytes]:
        with self._changed:
            return list(self._mechanism.slips)

    @property
    def unfinished(self) -> bytes:
        """What was printed since the last cut."""
        with self._changed:
            return self._mechanism.unfinished

    def wait_for_slips(self, count: int, timeout: float = 5.0) -> list[bytes]:
        """The slips, once there are ``count``. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._mechanism.slips) >= count, timeout):
                raise TimeoutError(f"{len(self._mechanism.slips)} slips instead of {count}")
            return list(self._mechanism.slips)

    def _serve(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            if self._pty is not None:
                selector.register(self._pty, selectors.EVENT_READ, self._pty)
            while not self._closing.is_set():
                if Fault.STALLED in self._mechanism.faults:
                    self._woken.recv(64)
                    continue
                for key, _ in selector.select():
                    if key.fileobj is self._listener:
                        line = self._listener.accept()[0]
                        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                        selector.register(line, selectors.EVENT_READ, line)
                    elif key.fileobj is self._woken:
                        self._woken.recv(64)
                        self._answer(b"")
                    elif not self._hear(key.data):
                        selector.unregister(key.fileobj)
                        key.data.close()
            selector.unregister(self._woken)  # __exit__ may still be writing to it
            for key in list(selector.get_map().values()):
                key.fileobj.close()  # type: ignore[union-attr]

    def _hear(self, line: _Line) -> bool:
        """Reads from one computer. False when the connection is over."""
        slow = Fault.SLOW in self._mechanism.faults
        if slow:
            self._closing.wait(0.002)
        try:
            data = line.recv(32 if slow else 4096)
        except OSError:
            data = b""
        self._last = line if data else None
        self._answer(data)
        with self._changed:
            dropped = Fault.DROP in self._mechanism.faults
            self._mechanism.faults.discard(Fault.DROP)
            if dropped or not data:
                self._mechanism.forget()
        return bool(data) and not dropped

    def _answer(self, data: bytes) -> None:
        with self._changed:
            answer = self._mechanism.take(data) + self._mechanism.work()
            self._changed.notify_all()
        if answer and self._last is not None:
            with contextlib.suppress(OSError):  # the computer has gone
                self._last.send(answer)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="drivers.sim.printer", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--paper", type=int, help="slips on the roll (default: endless)")
    parser.add_argument("--pty", action="store_true", help="a serial line as well")
    options = parser.parse_args(arguments)
    with PrinterSimulator(options.port, paper=options.paper, pty=options.pty) as printer:
        print(f"listening on 127.0.0.1:{printer.port} {printer.device}".rstrip())
        print(f"commands: {' '.join(Fault)} (then on or off), paper COUNT, slips, quit", flush=True)
        for line in sys.stdin:
            if line.split() == ["quit"]:
                break
            print(_command(printer, line.split()), flush=True)


def _command(printer: PrinterSimulator, words: list[str]) -> str:
    match words:
        case [name, ("on" | "off") as switch] if name in set(Fault):
            printer.set(Fault(name), switch == "on")
            return f"{name} {switch}"
        case ["paper", count] if count.isdecimal():
            printer.load(int(count))
            return f"paper for {count} slips"
        case ["slips"]:
            return f"{len(printer.slips)} slips printed"
        case []:
            return ""
    return f"not understood: {' '.join(words)}"


if __name__ == "__main__":
    main()
