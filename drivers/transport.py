"""Moving bytes to and from a device; knows nothing of what they mean.

Every transport opens when told, closes itself never, and after an error has to be closed and opened again. A write
that failed with nothing sent raises Unreachable; with something sent, or perhaps sent, UnknownFate. A line that broke
after it had been open is CutOff.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
from typing import Any, Protocol

import serial

from drivers.causes import open_error, write_error
from drivers.errors import CutOff, UnknownFate, Unreachable

try:
    from termios import error as _TermiosError
except ImportError:  # Windows
    _TermiosError = OSError  # type: ignore[misc,assignment]

PENDING = 4096  # bytes

# pyserial lets termios.error through, which is no OSError, and ValueError for an impossible setting.
_SERIAL_ERRORS = (serial.SerialException, OSError, ValueError, _TermiosError)


class Transport(Protocol):
    @property
    def can_answer(self) -> bool:
        """Whether replies can come back this way."""

    def open(self) -> None:
        """Connect, or connect again if the other side has gone. Nothing happens on a live connection."""

    def write(self, data: bytes) -> None: ...

    def read(self, size: int) -> bytes:
        """What came within the time-out, at most ``size`` bytes; empty for nothing."""

    def pending(self) -> bytes:
        """What has come and was not read yet, without waiting for more."""

    def close(self) -> None: ...


class NetworkTransport:
    """A device on TCP; ``port`` is a printer's by custom. ``timeout`` seconds for connecting, each read and write."""

    can_answer = True

    def __init__(self, host: str, port: int = 9100, timeout: float = 3.0) -> None:
        self._address = (host, port)
        self._timeout = timeout
        self._socket: socket.socket | None = None

    def open(self) -> None:
        if self._socket is not None and self._peer_gone(self._socket):
            self.close()
        if self._socket is None:
            try:
                self._socket = socket.create_connection(self._address, self._timeout)
                # questions are a few bytes each: gathering them would cost 40 ms an answer
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except (OSError, UnicodeError) as error:  # UnicodeError: a host name that cannot be one
                raise Unreachable(f"{self}: {error}") from error

    def write(self, data: bytes) -> None:
        sent = 0
        try:
            while sent < len(data):  # not sendall(): it would not tell how much went out
                sent += self._connected().send(data[sent : sent + 4096])
        except OSError as error:
            raise write_error(f"{self}: {error}", sent, error) from error

    def read(self, size: int) -> bytes:
        try:
            data = self._connected().recv(size)
        except TimeoutError:
            return b""
        except OSError as error:
            raise CutOff(f"{self}: {error}") from error
        if not data:
            raise CutOff(f"{self}: it closed the connection")
        return data

    def pending(self) -> bytes:
        connection = self._connected()
        connection.setblocking(False)
        try:
            return connection.recv(PENDING)  # nothing too if it closed the connection: the next write or read tells
        except BlockingIOError:
            return b""
        except OSError as error:
            raise CutOff(f"{self}: {error}") from error
        finally:
            connection.settimeout(self._timeout)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _connected(self) -> socket.socket:
        if self._socket is None:
            raise Unreachable(f"{self}: not open")
        return self._socket

    def _peer_gone(self, connection: socket.socket) -> bool:
        """The first write after the peer closed succeeds and its data is lost, so look before writing."""
        connection.setblocking(False)
        try:
            return connection.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            connection.settimeout(self._timeout)

    def __str__(self) -> str:
        return f"{self._address[0]}:{self._address[1]}"


class SerialTransport:
    """A serial port or any pyserial URL: ``COM3``, ``/dev/ttyUSB0``, ``socket://10.0.0.9:4001``, ``loop://``.

    A port is held alone: two programs on one would each hear a part of what comes."""

    can_answer = True
    slice_size = 64  # pyserial does not tell how much of a failed write went out; slices bound it

    def __init__(
        self, url: str, baudrate: int = 9600, timeout: float = 1.0, write_timeout: float = 5.0, *, rtscts: bool = False
    ) -> None:
        self._url = url
        # pyserial's own write_timeout, None, blocks for ever on blocked flow control.
        self._settings: dict[str, Any] = {
            "baudrate": baudrate,
            "timeout": timeout,
            "write_timeout": write_timeout,
            "rtscts": rtscts,
            "exclusive": True,
        }
        self._port: Any = None

    def open(self) -> None:
        if self._port is not None:
            return
        try:
            self._port = serial.serial_for_url(self._url, **self._settings)
        except _SERIAL_ERRORS as error:
            raise open_error(f"{self._url}: {error}", error) from error

    def write(self, data: bytes) -> None:
        port, sent = self._opened(), 0
        try:
            for sent in range(0, len(data), self.slice_size):
                port.write(data[sent : sent + self.slice_size])
        except serial.SerialTimeoutException as error:
            raise UnknownFate(f"{self._url}: {error}", sent=sent) from error
        except _SERIAL_ERRORS as error:
            raise write_error(f"{self._url}: {error}", sent, error) from error

    def read(self, size: int) -> bytes:
        port = self._opened()
        try:
            data = port.read(1)  # read(size) would wait out the time-out although the answer is here
            if data and size > 1:
                data += port.read(min(port.in_waiting, size - 1))
        except _SERIAL_ERRORS as error:
            raise CutOff(f"{self._url}: {error}") from error
        return bytes(data)

    def pending(self) -> bytes:
        port, data = self._opened(), b""
        try:
            while port.in_waiting and len(data) < PENDING:
                data += port.read(port.in_waiting)
        except _SERIAL_ERRORS as error:
            raise CutOff(f"{self._url}: {error}") from error
        return data

    def close(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            with contextlib.suppress(*_SERIAL_ERRORS):  # an unplugged port fails on closing too
                port.close()

    def _opened(self) -> Any:
        if self._port is None:
            raise Unreachable(f"{self._url}: not open")
        return self._port


class FileTransport:
    """A device file such as ``/dev/usb/lp0``. ``timeout`` seconds without taking a byte is a failed write."""

    can_answer = False

    def __init__(self, path: str, timeout: float = 10.0) -> None:
        self._path = path
        self._timeout = timeout
        self._file: int | None = None

    def open(self) -> None:
        if self._file is None:
            try:  # never O_CREAT: without the printer, jobs would pile up in a plain file
                self._file = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK)
            except OSError as error:
                raise open_error(f"{self._path}: {error.strerror}", error) from error

    def write(self, data: bytes) -> None:
        if self._file is None:
            raise Unreachable(f"{self._path}: not open")
        sent = 0
        try:
            while sent < len(data):
                if not select.select([], [self._file], [], self._timeout)[1]:
                    raise TimeoutError("it takes no more data")
                sent += os.write(self._file, data[sent : sent + 4096])
        except OSError as error:
            raise write_error(f"{self._path}: {error.strerror or error}", sent, error) from error

    def read(self, size: int) -> bytes:
        return b""

    def pending(self) -> bytes:
        return b""

    def close(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.close(self._file)
            self._file = None


class WindowsQueueTransport:
    """A Windows printer queue, datatype RAW: each write is one document, so that it prints at once. The spooler
    takes the job; whether it prints is not known here."""

    can_answer = False

    def __init__(self, queue: str) -> None:
        self._queue = queue

    def open(self) -> None:
        self._spooler().ClosePrinter(self._printer())

    def write(self, data: bytes) -> None:
        spooler, printer, sent = self._spooler(), self._printer(), 0
        try:
            spooler.StartDocPrinter(printer, 1, ("slip", None, "RAW"))
            spooler.StartPagePrinter(printer)
            sent = spooler.WritePrinter(printer, data)
            if sent < len(data):
                raise OSError("the spooler took a part only")
            spooler.EndPagePrinter(printer)
            spooler.EndDocPrinter(printer)
        except Exception as error:  # pywintypes.error, which exists on Windows only
            raise write_error(f"{self._queue}: {error}", sent, error) from error
        finally:
            spooler.ClosePrinter(printer)

    def read(self, size: int) -> bytes:
        return b""

    def pending(self) -> bytes:
        return b""

    def close(self) -> None:
        """Nothing is held between two documents."""

    def _printer(self) -> Any:
        try:
            return self._spooler().OpenPrinter(self._queue)
        except Exception as error:  # as above
            raise Unreachable(f"{self._queue}: {error}") from error

    def _spooler(self) -> Any:
        try:
            import win32print
        except ImportError as error:
            raise Unreachable(f"{self._queue}: Windows queues exist on Windows only") from error
        return win32print
