"""The ID-card reader at the kiosk: tells how old whoever lays a card is, and nothing else of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from threading import Event
from typing import Protocol

from drivers.errors import DeviceError
from drivers.readers.card import Card, CardUnread
from hallapp.devices.troubles import trouble_of
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble

POLL, AGAIN = 0.4, 3.0  # seconds to the next look; to the next try after the reader failed

_log = logging.getLogger(__name__)


class Reader(Protocol):
    """As drivers.readers.sdt.SdtReader."""

    def read(self) -> Card | None: ...
    def check(self) -> None: ...


class IdReader:
    """A reader's turns, for a Worker. The callables are called in the worker's thread.

    ``report`` hears of every change of state; ``card_seen`` the age on the day ``today``, once for each card laid;
    ``card_unread`` that the card has to be lifted and laid again, once until the reader sees something else.
    Name, number, address and photo go no further than this module.
    """

    def __init__(
        self, name: str, reader: Reader, today: Callable[[], date], report: Callable[[DeviceStatus], None],
        card_seen: Callable[[int], None], card_unread: Callable[[], None],
    ) -> None:
        self.poked = Event()
        self._name, self._reader, self._today, self._report = name, reader, today, report
        self._card_seen, self._card_unread = card_seen, card_unread
        self._asked = self._unread = False
        self._trouble: Trouble | None = None

    def try_out(self) -> None:
        """Ask the reader how it is, in the worker's thread, and report it in any case."""
        self._asked = True
        self.poked.set()

    def turn(self) -> float:
        """Look for a card; the seconds to the next look."""
        try:
            self._look()
        except DeviceError as error:
            self._tell(trouble_of(error))
            return AGAIN
        except Exception:  # a fault of the driver: the worker writes it down
            self._tell(Trouble.PROGRAM)
            raise
        return POLL

    def _look(self) -> None:
        if self._asked:
            self._asked, self._trouble = False, None
            self._reader.check()
        try:
            card = self._reader.read()
        except CardUnread as error:
            self._tell(Trouble.NONE)
            if not self._unread:
                _log.info("%s: %s", self._name, error)
                self._unread = True
                self._card_unread()
            return
        self._unread = False
        self._tell(Trouble.NONE)
        if card is not None:
            if not card.plausible:
                _log.warning("%s: a card's number does not fit its check digit", self._name)
            self._card_seen(card.age_on(self._today()))

    def _tell(self, trouble: Trouble) -> None:
        if trouble is not self._trouble:
            self._trouble = trouble
            state = DeviceState.READY if trouble is Trouble.NONE else DeviceState.DOWN
            self._report(DeviceStatus(self._name, "reader", state, trouble))
