"""When the store was last copied, in one line below the day so far."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from PySide6.QtCore import QObject

from hallapp.domain.printing import DeviceState
from hallapp.ui import theme
from hallapp.ui.lights import Lights
from hallapp.ui.supervisor.pages import TodayPage
from hallapp.ui.tasks import Tasks
from hallapp.ui.widgets.parts import label
from hallapp.ui.words import tr, trouble_sentence

LastBackup = Callable[[], datetime | None]


class BackupLine(QObject):
    """Follows the light of the backup; the folder is looked at off the UI thread, as it may lie on a slow disk."""

    def __init__(self, page: TodayPage, last: LastBackup, zone: tzinfo, tasks: Tasks, lights: Lights) -> None:
        super().__init__(page)
        self._last, self._zone, self._tasks, self._lights = last, zone, tasks, lights
        self.line = label("", 16, look="quiet", wrap=True)
        self.line.setObjectName("today-backup")
        page.card.column.addWidget(self.line)
        lights.changed.connect(self._on_lights_changed)
        self._on_lights_changed()

    def _on_lights_changed(self, _lights: object = None) -> None:
        self._tasks.run(self, self._last, self._show)

    def _show(self, last: datetime | None) -> None:
        when = tr("还没有备份") if last is None else tr("上次备份：%1", f"{last.astimezone(self._zone):%Y-%m-%d %H:%M}")
        trouble = [one for one in self._lights.troubled() if one.kind == "backup"]
        state = trouble[0].state if trouble else DeviceState.READY
        said = f"{theme.SIGNS[state.value]} {trouble_sentence(trouble[0])}。" if trouble else ""
        self.line.setText(said + when + ("" if said else tr("　（每天第一次打开程序时自动备份）")))
        theme.tint(self.line, theme.STATE_INKS[state.value] if trouble else theme.QUIET)
