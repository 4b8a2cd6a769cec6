"""Every device of this PC: how it is, what to do, a trial, and what went over its line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit

from hallapp.devices.served import Served
from hallapp.domain.printing import DeviceState, DeviceStatus
from hallapp.ui import theme
from hallapp.ui.supervisor.pages import Page, fill, table
from hallapp.ui.widgets.parts import KeyButton, label
from hallapp.ui.words import device_name, state_words, tr, trouble_words

REFRESH_MS = 1000


class DevicesPage(Page):
    """Signals:
        try_requested: Let this Served device show itself.
        wire_save_requested: This Served device's wire log into a file.
    """

    try_requested = Signal(object)
    wire_save_requested = Signal(object)

    def __init__(self, served: Sequence[Served], zone: tzinfo) -> None:
        """``served`` is looked at anew with every change of the lights."""
        super().__init__(tr("设备"))
        self._served, self._zone = served, zone
        self._rows: tuple[Served, ...] = ()
        self.devices = table("devices", (tr("设备"), tr("状态"), tr("情况和处理办法"), tr("驱动和地址")), 2)
        self.devices.itemSelectionChanged.connect(self._on_chosen)
        self.card.column.addWidget(self.devices, 2)
        none = tr("设备由取号机、叫号屏和柜台程序管理；只打开管理窗口时这里没有设备。")
        self._none = label(none, 18, look="quiet", wrap=True)
        self.card.column.addWidget(self._none)
        row = QHBoxLayout()
        row.setSpacing(12)
        self.try_key = KeyButton(tr("测试这台设备"), "Ctrl+T", look="primary")
        self.save_key = KeyButton(tr("保存通信记录"))
        for key, name, slot in (
            (self.try_key, "device-try", self._on_try), (self.save_key, "wire-save", self._on_save),
        ):
            key.setObjectName(name)
            key.clicked.connect(slot)
            row.addWidget(key)
        row.addStretch(1)
        self.card.column.addLayout(row)
        self.card.column.addWidget(label(tr("通信记录（身份信息不会记入）"), 18, look="quiet"))
        self.wire = QPlainTextEdit()
        self.wire.setObjectName("wire")
        self.wire.setReadOnly(True)
        self.wire.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.wire.setFont(theme.font(15))
        self.card.column.addWidget(self.wire, 1)
        self._refresh = QTimer(self, interval=REFRESH_MS)
        self._refresh.timeout.connect(self._show_wire)
        self.show_lights(())

    def show_lights(self, lights: Sequence[DeviceStatus]) -> None:
        """The live state of each device that is served now; of one that has not reported yet nothing is said."""
        self._rows = tuple(self._served)
        self._none.setVisible(not self._rows)
        known = {light.name: light for light in lights}
        rows = []
        for one in self._rows:
            status = known.get(one.name, DeviceStatus(one.name, one.kind, DeviceState.READY))
            asked = one.name in known
            sign = f"{theme.SIGNS[status.state.value]} {state_words(status)}" if asked else tr("… 还没有消息")
            rows.append((device_name(status), sign, trouble_words(status) if asked else "", one.about))
        fill(self.devices, rows)
        self._on_chosen()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh.start()
        self._show_wire()

    def hideEvent(self, event: object) -> None:
        super().hideEvent(event)
        self._refresh.stop()

    def _chosen(self) -> Served | None:
        row = self.devices.currentRow()
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def _on_chosen(self) -> None:
        chosen = self._chosen()
        self.try_key.setEnabled(chosen is not None)
        self.save_key.setEnabled(chosen is not None and chosen.log is not None)
        self._show_wire()

    def _show_wire(self) -> None:
        chosen = self._chosen()
        lines = chosen.wire() if chosen else ()
        # in the hall's time, like every other page; a PC may be set to another
        times = [one.at.astimezone(self._zone) for one in lines]
        text = "\n".join(f"{at:%H:%M:%S}.{at.microsecond // 1000:03d} {one.sign} {one.text}"
                         for at, one in zip(times, lines, strict=True))
        if text != self.wire.toPlainText():
            self.wire.setPlainText(text)
            self.wire.verticalScrollBar().setValue(self.wire.verticalScrollBar().maximum())

    def _on_try(self) -> None:
        if (chosen := self._chosen()) is not None:
            self.try_requested.emit(chosen)

    def _on_save(self) -> None:
        if (chosen := self._chosen()) is not None:
            self.wire_save_requested.emit(chosen)
