"""Asking by a rating pad: its keys count for whoever has just been served at its window."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from hallapp.domain.errors import AlreadyRated, HallError, StoreError, WrongState
from hallapp.domain.events import By
from hallapp.domain.handling import Visit
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble
from hallapp.domain.rating import Answer, Channel, Level
from hallapp.services import ratings
from hallapp.services.answers import Answers, hand_in
from hallapp.services.hall import Hall

AT_ONCE, SOON, LOOK_SECONDS = 0.0, 5.0, 2.0  # to the next turn; between two looks for visitors who did not answer

_log = logging.getLogger(__name__)


class Pad(Protocol):
    """What a turn needs of a pad (devices.raters.HallRater)."""

    status: DeviceStatus

    def presses(self) -> list[Level]: ...
    def try_out(self) -> None: ...


class PadAsking:
    """One pad at one window; ``turn`` is run by its worker again and again.

    A press counts once, for the visit that had ended when it came; presses that the store did not take yet wait, in
    ``answers`` if their visit is known.
    """

    def __init__(
        self, hall: Hall, window: int, pad: Pad, report: Callable[[DeviceStatus], None], answers: Answers
    ) -> None:
        self._hall, self._window, self._pad, self._report, self._answers = hall, window, pad, report, answers
        self._pressed: deque[tuple[datetime, Level]] = deque()
        self._asked: Visit | None = None
        self._odd_at: datetime | None = None  # when an unknown key came last
        self._look_at = 0.0  # monotonic seconds

    def sit_at(self, window: int) -> None:
        """The pad's clerk works at this window from now on; from any thread."""
        self._window = window

    def turn(self) -> float:
        """Listen to the pad for a moment and settle what is due; seconds until the next turn."""
        try:
            self._listen()
        except Exception:  # a fault of the driver or of the hall: the worker writes it down
            self._report(replace(self._pad.status, state=DeviceState.DOWN, trouble=Trouble.PROGRAM))
            raise
        self._report(self._pad.status)
        return SOON if self._pad.status.state is DeviceState.DOWN else AT_ONCE

    def _listen(self) -> None:
        window = self._window  # who presses now stands there, wherever the clerk sits once the press is heard
        before, levels = self._pad.status, self._pad.presses()
        now = self._hall.clock.now()
        if self._pad.status is not before and self._pad.status.trouble is Trouble.UNKNOWN_KEY:
            self._odd_at = now
        self._pressed.extend((now, level) for level in levels)
        if levels or self._hall.clock.monotonic() >= self._look_at:
            self._look_at = self._hall.clock.monotonic() + LOOK_SECONDS
            try:
                self._hand_in()
                self._settle(window, now)
            except StoreError as error:
                if levels:
                    _log.warning("a rating waits for the store: %s", error)
                self._lay_by()

    def _hand_in(self) -> None:
        """What was laid by, also before the program last ended. Raises StoreError."""
        for answer in self._answers.waiting():
            try:
                hand_in(self._hall, self._answers, answer)
            except StoreError:
                raise
            except HallError as error:
                _log.info("a press counts for nothing: %s", error)

    def _lay_by(self) -> None:
        """The first press of the visitor who is being asked, for when the store is back."""
        seconds = self._hall.rules.rating_seconds
        for moment, level in self._pressed:
            if self._asked is not None and 0 < ratings.time_left(self._hall, self._asked, moment) <= seconds:
                answer = Answer(self._asked.id, self._asked.window, level, (), Channel.KEYPAD, moment)
                try:
                    self._answers.keep(answer)
                except StoreError as error:
                    _log.warning("a rating waits in memory only: %s", error)
                    return
                self._asked = None
                self._pressed.clear()
                return

    def _settle(self, window: int, now: datetime) -> None:
        visit = ratings.to_rate(self._hall, window)
        if self._asked is not None and (visit is None or visit.id != self._asked.id):
            self._give_up(self._asked)  # somebody else came, or there is an answer already
        up = self._pad.status.state is not DeviceState.DOWN  # nobody is asked by a pad that is not there
        if up and visit is not None and self._asked is None and ratings.time_left(self._hall, visit, now) > 0:
            self._asked = visit
            self._forget_odd(visit)
        while self._pressed:
            moment, level = self._pressed[0]
            left = ratings.time_left(self._hall, visit, moment) if visit else 0.0
            if visit is not None and 0 < left <= self._hall.rules.rating_seconds:
                self._keep(visit, level)
            self._pressed.popleft()
        if self._asked is not None and ratings.time_left(self._hall, self._asked, now) <= 0:
            self._give_up(self._asked)

    def _forget_odd(self, visit: Visit) -> None:
        """An unknown key of whoever was here before this visit's end says no more of the pad."""
        odd = self._pad.status.trouble is Trouble.UNKNOWN_KEY and self._odd_at
        if odd and ratings.time_left(self._hall, visit, odd) > self._hall.rules.rating_seconds:
            self._pad.try_out()

    def _keep(self, visit: Visit, level: Level) -> None:
        try:
            ratings.rate(self._hall, By(f"rater-{visit.window}"), visit.id, level, (), Channel.KEYPAD)
        except (AlreadyRated, WrongState) as error:
            _log.info("a press counts for nothing: %s", error)
        self._asked = None

    def _give_up(self, visit: Visit) -> None:
        """未评价, unless there is an answer or the visit goes on after all."""
        try:
            ratings.not_rated(self._hall, By(f"rater-{visit.window}"), visit.id, Channel.KEYPAD)
        except (AlreadyRated, WrongState) as error:
            _log.info("no answer is noted: %s", error)
        self._asked = None
