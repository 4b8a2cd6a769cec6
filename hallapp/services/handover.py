"""A slip handed to its printer past the queue, while its number is being issued."""

from __future__ import annotations

from concurrent.futures import Future
from threading import Event

from hallapp.domain.printing import PrintJob
from hallapp.domain.ticket import Ticket

Slip = tuple[PrintJob, Ticket]


class Handover:
    """Between the thread that issues and the printer's: the printer is asked how it is while the number is found, and
    its slip is built while it is committed.

    The issuer calls ``give``, if the slip may go at once, and then ``settle`` in any case. It waits up to ``patience``
    seconds for the slip to be sent: building the page that shows the number would take the interpreter from the
    printer's thread just then.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._slip: Future[Slip | None] = Future()
        self._valid: Future[bool] = Future()
        self._ended = Event()

    def give(self, job: PrintJob, ticket: Ticket) -> None:
        """The job is recorded as being sent, in a step that may still fail."""
        self._slip.set_result((job, ticket))

    def settle(self, valid: bool) -> None:
        """Whether the number, and with it the job, is committed; what is said first holds."""
        if self._valid.done():
            return
        given = self._slip.done()
        if not given:
            self._slip.set_result(None)
        self._valid.set_result(valid)
        if given and valid:
            self._ended.wait(self._patience)

    def slip(self) -> Slip | None:
        """For the printer's thread: waits; ``None``: there is nothing to print here."""
        return self._slip.result()

    def valid_slip(self) -> Slip | None:
        """For the printer's thread: waits; without it nothing may be sent, and there is no job."""
        return self._slip.result() if self._valid.result() else None

    def end(self) -> None:
        """The printer's thread is done with it, however it went."""
        self._ended.set()
