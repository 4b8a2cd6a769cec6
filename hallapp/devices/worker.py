"""A thread that serves one device, whatever the device does."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Event, Thread

Turn = Callable[[], float]


class Worker:
    """Takes turns in a thread of its own: when ``poked``, and again after the seconds each turn returns.

    An error that a turn lets out goes to ``failed`` and the worker goes on after ``PAUSE`` seconds.
    ``ended`` runs last, in the worker's thread: it closes the device.
    """

    PAUSE = 5.0

    def __init__(
        self, name: str, turn: Turn, poked: Event, failed: Callable[[Exception], None], ended: Callable[[], None]
    ) -> None:
        self.name = name
        self._turn, self._poked, self._failed, self._ended = turn, poked, failed, ended
        self._stopped = False
        self._asked: deque[Callable[[], None]] = deque()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def ask(self, work: Callable[[], None]) -> None:
        """Run ``work`` in this worker's thread before its next turn: the one way for others to use the device."""
        self._asked.append(work)
        self._poked.set()

    def close(self) -> None:
        """Stop after the turn under way."""
        self._stopped = True
        self._poked.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped:
            self._poked.clear()
            try:
                while self._asked:
                    self._asked.popleft()()
                seconds = self._turn()
            except Exception as error:  # the hall goes on: whatever happened, the device is served again
                self._failed(error)
                seconds = self.PAUSE
            if not self._stopped:
                self._poked.wait(seconds)
        self._ended()
