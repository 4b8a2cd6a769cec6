"""Running work off the UI thread and answering on it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from hallapp.domain.errors import HallError

Expected = dict[type[Exception], Callable[[Exception], None]]


class Tasks(QObject):
    """One worker thread; work runs in the order it was asked for.

    Signals:
        failed: An error nobody expected: a bug, for the crash reporter.
        idle: The last piece of work has been answered.
    """

    failed = Signal(Exception)
    idle = Signal()
    _finished = Signal(object, object, object, object)

    def __init__(self, name: str = "store", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._under_way = 0
        self._closed = False
        # queued even when the work was done at once: nobody is answered before ``run`` has returned
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        return self._under_way > 0

    def run(self, owner: QObject, work: Callable[[], Any], then: Callable[[Any], None],
            expect: Expected | None = None) -> None:
        """Run ``work``, then hand its result to ``then`` unless ``owner`` is gone by then.

        Errors of a kind in ``expect`` (first match) go to its function, all others to ``failed``. Under ``Exception``
        stands what makes a window usable again whatever happened; a bug goes to ``failed`` as well.
        After ``close`` nothing runs any more.
        """
        if self._closed:
            return
        self._under_way += 1
        future = self._pool.submit(work)
        future.add_done_callback(lambda f: self._finished.emit(owner, f, then, expect or {}))

    def _on_finished(self, owner: QObject, future: Future, then: Callable, expect: Expected) -> None:
        try:
            self._answer(owner, future, then, expect)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self.idle.emit()

    def _answer(self, owner: QObject, future: Future, then: Callable, expect: Expected) -> None:
        error = None if future.cancelled() else future.exception()
        if error is None:
            if isValid(owner) and not future.cancelled():
                then(future.result())
            return
        for kind, handle in expect.items():
            if isinstance(error, kind):
                if isValid(owner):
                    handle(error)
                if kind is not Exception or isinstance(error, HallError):
                    return
                break
        self.failed.emit(error)

    def close(self) -> None:
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)
