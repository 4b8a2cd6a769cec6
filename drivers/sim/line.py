"""Puts a simulated device on TCP, on a serial line or on both, and spoils the line when told."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import threading
from collections.abc import Callable
from enum import StrEnum
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

T = TypeVar("T")


class LineFault(StrEnum):
    """What can be wrong between any device and the computer."""

    SILENT = "silent"  # it hears and does everything, its answers get lost
    HALF = "half"  # only the first half of an answer comes
    CORRUPT = "corrupt"  # the last byte of an answer is another one
    LATE = "late"  # an answer comes only when the next one does
    NOISE = "noise"  # junk before an answer
    SLOW = "slow"  # it takes a few bytes at a time
    STALLED = "stalled"  # it takes no bytes at all
    DROP = "drop"  # it hangs up, once


class Others(StrEnum):
    """What a device on TCP does with a further computer while it serves one."""

    SERVED = "served"
    WAIT = "wait"  # like most receipt printers
    REFUSED = "refused"


NOISE = b"\x00\xff\x13\x37"


class Machine(Protocol):
    """The inside of a simulated device. ``faults``: line faults and the device's own, all by name."""

    faults: set[Any]

    def take(self, data: bytes) -> bytes:
        """Bytes from the computer in, the answer out. Asked with nothing whenever something about the device was
        changed, for what it has to say by itself."""


M = TypeVar("M", bound=Machine)


class Connection(Protocol):
    """A way to one computer."""

    def fileno(self) -> int: ...

    def recv(self, size: int, /) -> bytes: ...

    def send(self, data: bytes, /) -> int: ...

    def close(self) -> None: ...


class Pty:
    """A pseudo terminal; its far end stays open, so that clients may come and go."""

    def __init__(self) -> None:
        import tty  # not there on Windows

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


class SimulatedLine(Generic[M]):
    """Serves one machine in a thread of its own; a context manager.

    ``port`` 0 takes a free TCP port, read it back from ``port``; ``device`` is the serial line's path, if ``pty``.
    ``others``: what becomes of further computers while one is connected. What the machine says unasked goes to the
    computer that came or spoke last, on a serial line to whoever listens.
    """

    def __init__(self, machine: M, port: int = 0, *, pty: bool = False, others: Others = Others.SERVED) -> None:
        self.changed = threading.Condition()  # guards the machine; told whenever it may have changed
        self.machine = machine
        self._pty = Pty() if pty else None
        self._listener = socket.create_server(("127.0.0.1", port))
        self._wake, self._woken = socket.socketpair()
        self._last: Connection | None = self._pty
        self._others = others
        self._connected = 0
        self._held = b""
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="simulated-line")
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

    def act(self, action: Callable[[], T]) -> T:
        """Do something to the machine, such as pressing a key; what it says of it goes out."""
        with self.changed:
            done = action()
            self.changed.notify_all()
        self._wake.send(b".")
        return done

    def set(self, fault: StrEnum, on: bool = True) -> None:
        self.act(lambda: (self.machine.faults.add if on else self.machine.faults.discard)(fault))

    def wait_until(self, condition: Callable[[], bool], timeout: float = 5.0) -> bool:
        """Whether the machine came to be so within ``timeout`` seconds."""
        with self.changed:
            return self.changed.wait_for(condition, timeout)

    def hung_up(self) -> None:
        """A computer has gone."""
        self._held = b""

    def _serve(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            if self._pty is not None:
                selector.register(self._pty, selectors.EVENT_READ, self._pty)
            stalled = False
            while not self._closing.is_set():
                if LineFault.STALLED in self.machine.faults:
                    stalled = True
                    self._woken.recv(64)
                    continue
                if stalled:  # what woke us may have been more than its end
                    stalled = False
                    self._answer(b"")
                for key, _ in selector.select():
                    if LineFault.STALLED in self.machine.faults:  # since just now
                        break
                    if key.fileobj is self._listener:
                        self._admit(selector)
                    elif key.fileobj is self._woken:
                        self._woken.recv(64)
                        self._answer(b"")
                    elif not self._hear(key.data):
                        self._dismiss(selector, key.data)
            selector.unregister(self._woken)  # __exit__ may still be writing to it
            for key in list(selector.get_map().values()):
                key.fileobj.close()  # type: ignore[union-attr]
            self._listener.close()

    def _admit(self, selector: selectors.BaseSelector) -> None:
        line = self._listener.accept()[0]
        if self._connected and self._others is Others.REFUSED:
            line.close()
            return
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(line, selectors.EVENT_READ, line)
        self._last = line
        self._connected += 1
        if self._others is Others.WAIT:
            selector.unregister(self._listener)

    def _dismiss(self, selector: selectors.BaseSelector, line: Connection) -> None:
        selector.unregister(line)
        line.close()
        self._connected -= 1
        if self._others is Others.WAIT:
            selector.register(self._listener, selectors.EVENT_READ)

    def _hear(self, line: Connection) -> bool:
        """Reads from one computer. False when the connection is over; a serial line never is."""
        slow = LineFault.SLOW in self.machine.faults
        if slow:
            self._closing.wait(0.002)
        try:
            data = line.recv(32 if slow else 4096)
        except OSError:
            data = b""
        self._last = line if data else self._pty
        self._answer(data)
        with self.changed:
            dropped = LineFault.DROP in self.machine.faults
            self.machine.faults.discard(LineFault.DROP)
            if dropped or not data:
                self.hung_up()
        return line is self._pty or (bool(data) and not dropped)

    def _answer(self, data: bytes) -> None:
        with self.changed:
            answer = self._spoiled(self.machine.take(data))
            self.changed.notify_all()
        if answer and self._last is not None:
            with contextlib.suppress(OSError):  # the computer has gone
                self._last.send(answer)

    def _spoiled(self, answer: bytes) -> bytes:
        faults = self.machine.faults
        if not answer or LineFault.SILENT in faults:
            return b""
        if LineFault.LATE in faults:
            answer, self._held = self._held, answer
        if LineFault.HALF in faults:
            answer = answer[: len(answer) // 2]
        if LineFault.CORRUPT in faults:
            answer = answer[:-1] + bytes(byte ^ 0x55 for byte in answer[-1:])
        return NOISE + answer if LineFault.NOISE in faults else answer
