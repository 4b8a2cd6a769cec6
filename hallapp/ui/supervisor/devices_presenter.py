"""Keeps the devices page true: live states, trials, the wire log into a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from hallapp.devices.served import Served
from hallapp.services.files import save_file
from hallapp.ui.lights import Lights
from hallapp.ui.supervisor.devices_page import DevicesPage
from hallapp.ui.supervisor.view import SupervisorWindow
from hallapp.ui.tasks import Tasks
from hallapp.ui.words import sentence, tr


class DevicesPresenter(QObject):
    def __init__(self, page: DevicesPage, view: SupervisorWindow, tasks: Tasks, lights: Lights) -> None:
        super().__init__(page)
        self._view, self._tasks = view, tasks
        page.try_requested.connect(self._on_try_requested)
        page.wire_save_requested.connect(self._on_wire_save_requested)
        lights.changed.connect(page.show_lights)
        page.show_lights(lights.current())

    def _on_try_requested(self, served: Served) -> None:
        served.try_out()
        self._view.show_message(tr("正在测试，结果和要做的事显示在表里。"), state="ready")

    def _on_wire_save_requested(self, served: Served) -> None:
        name = tr("通信记录_%1.txt", served.name)
        chosen, _kind = QFileDialog.getSaveFileName(self._view, tr("保存通信记录"), name, "TXT (*.txt)")
        if chosen:
            self.save_to(served, Path(chosen))

    def save_to(self, served: Served, path: Path) -> None:
        """Write a device's wire log into a file."""
        self._tasks.run(self, partial(save_file, served.wire_file(), path), self._on_saved,
                        {Exception: self._on_refused})

    def _on_saved(self, path: Path) -> None:
        self._view.show_message(tr("已保存：%1", path), state="ready")

    def _on_refused(self, error: Exception) -> None:
        self._view.show_message(sentence(error))
