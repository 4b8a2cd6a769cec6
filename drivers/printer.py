"""A receipt printer that speaks ESC/POS."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from time import monotonic, sleep
from typing import Protocol

from drivers import escpos
from drivers.errors import BadReply, DeviceError, NoAnswer, UnknownFate, Unreachable
from drivers.escpos import PrinterProfile
from drivers.status import CONFIRMATIONS, DONE, Condition, PrinterStatus, confirms, decode, sort_replies
from drivers.transport import Transport

TURN = 8.0  # seconds a shared printer may be busy with other stations' slips
LOOK_AGAIN = 0.05  # seconds between two attempts at a printer that refuses while it is busy
SLOWEST = 960  # bytes a second on a line of 9600 baud
ASK_DONE = escpos.ASK_DONE * CONFIRMATIONS  # in one piece; one answer alone may be noise
KEPT = 64  # bytes of what may be a confirmation
LOOKS = 3  # at a printer whose answers do not agree
NOISE_LIMIT = 64  # reads without a status in them before a talking device is not a printer


class SlipPrinter(Protocol):
    """Anything slips come out of: EscposPrinter, ScreenPrinter."""

    def status(self) -> PrinterStatus: ...

    def print(self, slip: bytes) -> PrinterStatus: ...

    def print_next(self, next_slip: Callable[[], bytes]) -> PrinterStatus: ...

    def close(self) -> None: ...


class EscposPrinter:
    """Prints finished slips, one at a time; one thread at a time may use it. Connects when needed, and again after
    any error. ``patience``: seconds a healthy printer may take to finish a slip.

    A printer of its own keeps its connection. A shared one serves one connection at a time and makes others wait or
    refuses them, so it is let go after each slip and waited for, up to ``TURN`` seconds, before the next."""

    _confirms: bool | None  # whether it answers GS r; found out before the first slip on a connection

    def __init__(self, transport: Transport, profile: PrinterProfile, patience: float = 20.0) -> None:
        self._transport = transport
        self._answers = profile.can_answer and transport.can_answer
        self._shared = profile.shared
        self._patience = patience
        self._forget()

    def status(self) -> PrinterStatus:
        """Raises Unreachable, NoAnswer or BadReply. A printer that cannot answer is ``UNKNOWN``."""
        with self._connection():
            return self._connect_and_ask()

    def print(self, slip: bytes) -> PrinterStatus:
        """Send ``slip`` if the printer can print now. Returns its state after it, where paper near end is a warning.

        Any error but UnknownFate means that nothing of ``slip`` was sent."""
        return self.print_next(lambda: slip)

    def print_next(self, next_slip: Callable[[], bytes]) -> PrinterStatus:
        """As ``print``, of a slip that is on its way: asked for once the printer is known to be able to print.

        ``next_slip`` may take its time; where it gives nothing, nothing is sent."""
        with self._connection():
            status = self._connect_and_ask()
            if status.problem is not None:
                raise status.problem
            if self._answers and self._confirms is None:
                self._confirms = self._answers_done()
                self._healthy()  # on a serial line the late answer to an earlier slip may come first: read past it
            slip = next_slip()
            if not slip:
                return status
            self._transport.write(slip)
            if not self._answers:
                return status
            try:
                return self._finish(len(slip))
            except DeviceError as error:
                raise UnknownFate(str(error), sent=len(slip), cause=error) from error

    def close(self) -> None:
        self._transport.close()
        self._forget()

    def _forget(self) -> None:
        self._confirms = None
        self._kept = False  # whether this connection has been used before
        self._realtime, self._other, self._rest = b"", b"", b""
        self._noisy = False  # whether something else than a status came since the last question for one

    @contextlib.contextmanager
    def _connection(self) -> Iterator[None]:
        """Closed after an error, and a shared printer's always."""
        try:
            yield
        except DeviceError:
            self.close()
            raise
        if self._shared:
            silent = self._confirms is False  # stays so; asking again would cost a time-out a slip
            self.close()
            self._confirms = False if silent else None

    def _connect_and_ask(self) -> PrinterStatus:
        """A kept connection may have died unnoticed, as after the printer was switched off and on: then once more."""
        if self._shared:
            return self._ask_in_turn()
        self._transport.open()
        kept, self._kept = self._kept, True
        try:
            return self._ask()
        except (Unreachable, NoAnswer, BadReply):
            if not kept:
                raise
        self.close()
        return self._connect_and_ask()

    def _ask_in_turn(self) -> PrinterStatus:
        deadline = monotonic() + TURN
        while True:
            try:
                self._transport.open()
                return self._ask(deadline)
            except Unreachable:
                if monotonic() > deadline:
                    raise
            self._transport.close()
            sleep(LOOK_AGAIN)

    def _ask(self, deadline: float = 0.0) -> PrinterStatus:
        """Its four answers. The first may come as late as ``deadline``: asking twice would mix them up."""
        if not self._answers:
            return PrinterStatus(Condition.UNKNOWN)
        return decode(_first(self._replies(escpos.ASK_REALTIME, deadline)))

    def _replies(self, questions: Sequence[bytes], deadline: float = 0.0) -> list[bytes]:
        """What looks like an answer and came between each question and the next; at least one byte each."""
        replies: list[bytes] = []
        self._sort(self._transport.pending())  # what came before the question is no answer to it
        for question in questions:
            self._realtime, self._noisy = b"", False
            self._say(question)
            for _ in range(NOISE_LIMIT):
                if self._realtime:
                    break
                try:
                    self._listen()
                except NoAnswer as silence:
                    if replies or monotonic() > deadline:
                        raise (BadReply("no status in what came") if self._noisy else silence) from None
            self._sort(self._transport.pending())
            replies.append(self._realtime)
        return replies

    def _ask_surely(self, deadline: float) -> PrinterStatus:
        """For want of a confirmation. Stray bytes that look like answers hide true ones or move them to other places:
        believed are two looks in a row that say the same, the second in the other order. Before others are taken the
        line has to fall silent, or answers that are moved stay so."""
        for _ in range(LOOKS):
            looks = self._replies(escpos.ASK_REALTIME, deadline)
            again = reversed(self._replies(escpos.ASK_REALTIME[::-1]))
            if all(len({*one, *other}) == 1 for one, other in zip(looks, again, strict=True)):
                return decode(_first(looks))
            with contextlib.suppress(NoAnswer):
                for _ in range(NOISE_LIMIT):
                    self._listen()
        raise BadReply("its answers to one question differ")

    def _answers_done(self) -> bool:
        self._other = b""
        self._say(ASK_DONE)
        with contextlib.suppress(NoAnswer):
            for _ in range(NOISE_LIMIT):
                if confirms(self._other):
                    break
                self._listen()
        return confirms(self._other)

    def _finish(self, size: int) -> PrinterStatus:
        """Waits until the printer has worked off the slip of ``size`` bytes; raises what keeps it from doing so."""
        deadline = monotonic() + self._patience
        through = min(deadline, monotonic() + size / SLOWEST)  # until then a question may be stuck behind the slip
        if not self._confirms:  # the best there is: it is still well after the last byte
            return _well(self._ask_surely(through))
        self._other = b""
        self._say(ASK_DONE)
        while not confirms(self._other):
            try:
                self._listen()
            except NoAnswer:
                self._healthy(through)
            if not confirms(self._other) and monotonic() > deadline:
                raise NoAnswer("it did not confirm the slip")
        try:
            return self._ask()
        except DeviceError:  # the slip is out; what became of the printer is the next call's affair
            self.close()
            return PrinterStatus(Condition.UNKNOWN)

    def _healthy(self, deadline: float = 0.0) -> PrinterStatus:
        return _well(self._ask(deadline))

    def _say(self, question: bytes) -> None:
        try:
            self._transport.write(question)
        except UnknownFate as error:  # a part of a question is no part of a job
            raise Unreachable(str(error)) from error

    def _listen(self) -> None:
        data = self._transport.read(16)
        if not data:
            self._other, self._rest = b"", b""  # what a silence divides does not belong together
            raise NoAnswer
        self._sort(data)

    def _sort(self, data: bytes) -> None:
        replies = sort_replies(self._rest + data)
        self._noisy = self._noisy or bool(replies.other.translate(None, DONE))
        self._realtime += replies.realtime
        self._other = (self._other + replies.other)[-KEPT:]
        self._rest = replies.rest


def _first(replies: Sequence[bytes]) -> bytes:
    return b"".join(reply[:1] for reply in replies)


def _well(status: PrinterStatus) -> PrinterStatus:
    if status.problem is not None:
        raise status.problem
    return status
