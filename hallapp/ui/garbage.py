"""What nobody needs any more goes in the windows' own thread."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, Qt, QTimer

COLLECT_MS = 1000


class Garbage(QTimer):
    """Collects Python's cycles in the thread of its parent, and only there.

    Left alone, Python does so in whichever thread happens to make one object too many. A Qt object that goes in another
    thread than its own leaves its timers behind, and the whole program dies with the first that fires.

    What is there once the windows are, is left out from then on: it lives as long as they do, and to look through all
    of it would hold them up for 50 ms (as measured) every other minute.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent, interval=COLLECT_MS)
        gc.disable()
        self.timeout.connect(_leave_out, Qt.ConnectionType.SingleShotConnection)
        self.timeout.connect(collect)
        self.start()


def _leave_out() -> None:
    gc.collect()
    gc.freeze()


def collect() -> None:
    """The oldest generation that is due, with the younger ones, as Python itself would have it."""
    counted = list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))
    for generation, (count, most) in reversed(counted):
        if count > most:
            gc.collect(generation)
            return
