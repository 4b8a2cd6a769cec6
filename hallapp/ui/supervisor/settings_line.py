"""That other PCs of the hall are set otherwise, in one line below the day so far."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer

from hallapp.domain.errors import StoreError
from hallapp.domain.presence import Setting
from hallapp.services.hall import Hall
from hallapp.services.presence import unlike_pcs
from hallapp.ui import theme
from hallapp.ui.supervisor.pages import TodayPage
from hallapp.ui.tasks import Tasks
from hallapp.ui.widgets.parts import label
from hallapp.ui.words import SETTINGS, tr

AGAIN_MS = 60_000


class SettingsLine(QObject):
    """Looks again and again at the PCs that are at work; nothing is said while they are set alike."""

    def __init__(self, page: TodayPage, hall: Hall, tasks: Tasks) -> None:
        super().__init__(page)
        self._hall, self._tasks = hall, tasks
        self.line = label("", 16, look="quiet", wrap=True)
        self.line.setObjectName("today-settings")
        self.line.hide()
        page.card.column.addWidget(self.line)
        self._again = QTimer(self, interval=AGAIN_MS)
        self._again.timeout.connect(self.look)
        self._again.start()
        self.look()

    def look(self) -> None:
        self._tasks.run(self, partial(unlike_pcs, self._hall), self._show, {StoreError: self._on_unread})

    def _show(self, found: tuple[int, tuple[Setting, ...]]) -> None:
        pcs, unlike = found
        self.line.setVisible(bool(unlike))
        which = "、".join(tr(SETTINGS[each]) for each in unlike)
        self.line.setText(theme.SIGNS["warning"] + " " + tr(
            "与其他 %1 台电脑的设置不同：%2。请把各台 hall.toml 里的这几项写得一样，再重新打开程序。", pcs, which))

    def _on_unread(self, _error: StoreError) -> None:
        """The next look comes soon."""
