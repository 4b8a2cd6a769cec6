"""Every device of this PC: how it is, what to do, a trial, and what went over its line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QPlainTextEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from hallapp.devices.served import Served
from hallapp.domain.printing import DeviceState, DeviceStatus, split_pc
from hallapp.ui import theme
from hallapp.ui.supervisor.pages import Page, Wrapped, fill, table, wrap
from hallapp.ui.widgets.parts import KeyButton, label
from hallapp.ui.widgets.room import Room
from hallapp.ui.words import device_name, state_words, tr, trouble_words

NAME_COLUMN, STATE_COLUMN, WORDS_COLUMN = 0, 1, 2
ROW, TIGHT_ROW = 44, 36  # where there are more devices than rows of the usual height
URGENT = (DeviceState.DOWN, DeviceState.WARNING)
REFRESH_MS = 1000


class WholeRow(QStyledItemDelegate):
    """Half a row at the lower edge could be misread: it is not drawn before all of it is in sight."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        if option.rect.bottom() < self.parent().viewport().height() or option.rect.top() <= 0:
            super().paint(painter, option, index)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """One line of words without the style sheet's padding above and below it, which tight rows have no room for."""
        return QSize(super().sizeHint(option, index).width(), option.fontMetrics.height())


class WholeWords(WholeRow, Wrapped):
    """What is the matter, in as many lines as it takes."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return Wrapped.sizeHint(self, option, index) - QSize(0, 4)  # so that thirteen stand on a small screen


class StateInk(WholeRow):
    """A state keeps its colour in the chosen row too."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        super().initStyleOption(option, index)
        if (ink := index.data(Qt.ItemDataRole.ForegroundRole)) is not None:
            option.font.setBold(True)
            option.palette.setColor(QPalette.ColorRole.HighlightedText, ink.color())


class DevicesPage(Page):
    """All devices on the left, the chosen one with its wire log on the right.

    Signals:
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
        self._lights: dict[str, DeviceStatus] = {}
        self._picked = ""  # the name of the device that somebody chose
        self.devices = table("devices", (tr("设备"), tr("状态"), tr("情况和处理办法")), WORDS_COLUMN)
        self.devices.setItemDelegateForColumn(STATE_COLUMN, StateInk(self.devices))
        wrap(self.devices, WORDS_COLUMN)
        self.devices.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.devices.setItemDelegateForColumn(NAME_COLUMN, WholeRow(self.devices))
        self.devices.setItemDelegateForColumn(WORDS_COLUMN, WholeWords(self.devices))
        self.devices.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.devices.itemSelectionChanged.connect(self._on_picked)
        self._all = QWidget()
        row = self._beside = QHBoxLayout(self._all)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        row.addWidget(self.devices)
        row.addLayout(self._chosen_one())
        none = tr("设备由取号机、叫号屏和柜台程序管理；只打开管理窗口时这里没有设备。")
        self._none = label(none, 18, look="quiet", wrap=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        for part in (self._all, self._none):
            self.card.column.addWidget(part, 1)
        self._refresh = QTimer(self, interval=REFRESH_MS)
        self._refresh.timeout.connect(self._show_wire)
        self.set_room(Room.WIDE)
        self.show_lights(())

    def set_room(self, room: Room) -> None:
        """On a small screen more of it for what is wrong."""
        super().set_room(room)
        tight = room is Room.TIGHT
        for place, share in enumerate((15, 9) if tight else (14, 9)):
            self._beside.setStretch(place, share)
        for key in (self.try_key, self.save_key):
            key.set_tight(tight)

    def _chosen_one(self) -> QVBoxLayout:
        self.name, self.about = label("", 20, bold=True, wrap=True), label("", 16, look="quiet", wrap=True)
        self.try_key = KeyButton(tr("测试这台设备"), "Ctrl+T", look="primary")
        self.save_key = KeyButton(tr("保存通信记录"))
        self.about.setFixedHeight(2 * self.about.fontMetrics().lineSpacing())
        self.about.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.wire = QPlainTextEdit()
        self.wire.setObjectName("wire")
        self.wire.setProperty("look", "wire")
        self.wire.setReadOnly(True)
        self.wire.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keys = QHBoxLayout()
        keys.setSpacing(12)
        for key, name, slot in (
            (self.try_key, "device-try", self._on_try), (self.save_key, "wire-save", self._on_save),
        ):
            key.setObjectName(name)
            key.clicked.connect(slot)
            keys.addWidget(key)
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addWidget(self.name)
        column.addWidget(self.about)
        column.addLayout(keys)
        column.addWidget(label(tr("通信记录（身份信息不会记入）"), 16, look="quiet"))
        column.addWidget(self.wire, 1)
        return column

    def show_lights(self, lights: Sequence[DeviceStatus]) -> None:
        """The live state of each device that is served now, those in trouble first; of one that has not reported yet
        nothing is said."""
        self._lights = {light.name: light for light in lights}
        self._rows = tuple(sorted(self._served, key=self._urgency))
        self._all.setVisible(bool(self._rows))
        self._none.setVisible(not self._rows)
        fill(self.devices, [self._row(one) for one in self._rows])
        self._choose_again()
        for row, one in enumerate(self._rows):
            light = self._lights.get(one.name)
            ink = theme.STATE_INKS[light.state.value] if light else theme.QUIET
            self.devices.item(row, STATE_COLUMN).setForeground(QColor(ink))
        self._fit_rows()
        self._on_chosen()

    def _urgency(self, one: Served) -> int:
        light = self._lights.get(one.name)
        return URGENT.index(light.state) if light and light.state in URGENT else len(URGENT)

    def _choose_again(self) -> None:
        """The device that was chosen, wherever its row is now; before anybody chose, the first."""
        names = [one.name for one in self._rows]
        self.devices.blockSignals(True)
        if names:
            self.devices.selectRow(names.index(self._picked) if self._picked in names else 0)
        self.devices.blockSignals(False)

    def _fit_rows(self) -> None:
        many = len(self._rows) * ROW > self.devices.viewport().height()
        self.devices.verticalHeader().setMinimumSectionSize(TIGHT_ROW if many else ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_rows()

    def _row(self, one: Served) -> tuple[str, str, str]:
        light = self._lights.get(one.name)
        if light is None and one.try_out is None:
            return self._name(one), tr("… 无人登录"), tr("窗口有人登录后才使用，现在不检查")
        if light is None:
            return self._name(one), tr("… 还没有消息"), ""
        sign = f"{theme.SIGNS[light.state.value]} {state_words(light)}"
        # what the state says already is not said twice
        words = f"{trouble_words(light)}，".removeprefix(f"{state_words(light)}，").removesuffix("，")
        return self._name(one), sign, words

    def _name(self, one: Served) -> str:
        """Without its PC, which is this one: on a small screen that would leave no room for what is wrong."""
        return device_name(DeviceStatus(split_pc(one.name)[0], one.kind, DeviceState.READY))

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

    def _on_picked(self) -> None:
        chosen = self._chosen()
        self._picked = chosen.name if chosen else ""
        self._on_chosen()

    def _on_chosen(self) -> None:
        chosen = self._chosen()
        self.name.setText(self._name(chosen) if chosen else "")
        # a long path may be broken after its slashes
        self.about.setText(chosen.about.replace("/", "/\u200b") if chosen else "")
        self.try_key.setEnabled(chosen is not None and chosen.try_out is not None)
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
        if (chosen := self._chosen()) is not None and chosen.try_out is not None:
            self.try_requested.emit(chosen)

    def _on_save(self) -> None:
        if (chosen := self._chosen()) is not None:
            self.wire_save_requested.emit(chosen)
