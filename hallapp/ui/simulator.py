"""A small window that works one simulated device: its faults as switches, what can be done to it as keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QWidget

from hallapp.ui import theme
from hallapp.ui.simulator_words import ACTIONS, CHOICES, FAULTS, NAMES, TAKES, seen_words
from hallapp.ui.widgets.parts import Card, KeyButton, label
from hallapp.ui.words import tr

COLUMNS = 3  # of faults


class SimulatorWindow(QWidget):
    """Signals:
        said: A line for the simulated device, as typed at its console.
    """

    said = Signal(str)

    def __init__(self, name: str, where: str, faults: Sequence[str], actions: Mapping[str, str]) -> None:
        super().__init__()
        title = tr("模拟%1", tr(NAMES.get(name, name)))
        self.setWindowTitle(title)
        self.setMinimumWidth(560)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # at first no switch and no key looks chosen
        card = Card(margins=24, spacing=14)
        outer = QGridLayout(self)
        outer.addWidget(card)
        self.seen, self.refused = label("", 22, bold=True, wrap=True), label("", 18, bold=True, wrap=True)
        at = label(tr("写进 hall.toml：\n%1", where), 18, look="quiet", wrap=True)
        at.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.tint(self.refused, theme.OVER)
        self.refused.hide()
        for part in (label(title, 26, bold=True), at, self.seen):
            card.column.addWidget(part)
        if actions:
            card.column.addWidget(label(tr("可以做的事"), 18, look="quiet"))
            card.column.addLayout(self._actions(actions))
            card.column.addWidget(self.refused)
        card.column.addWidget(label(tr("故障"), 18, look="quiet"))
        card.column.addLayout(self._faults(faults))
        self.setFocus()

    def show_seen(self, seen: Mapping[str, str]) -> None:
        self.seen.setText(seen_words(seen))

    def show_refused(self, words: str) -> None:
        """What was told the device is nothing that it knows."""
        self.refused.setText(f"{theme.SIGNS['down']} " + tr("没有听懂：%1", words))
        self.refused.show()

    def show_faults(self, on: Sequence[str]) -> None:
        """Some pass by themselves, and some come by themselves."""
        for switch in self.findChildren(QCheckBox):
            switch.blockSignals(True)
            switch.setChecked(switch.property("fault") in on)
            switch.blockSignals(False)

    def _actions(self, actions: Mapping[str, str]) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(10)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 1)
        for place, (name, takes) in enumerate(actions.items()):
            key = KeyButton(tr(ACTIONS.get(name, name)))
            key.setObjectName(f"action-{name}")
            key.setProperty("action", name)
            key.clicked.connect(self._on_action)
            grid.addWidget(key, 2 * place, 1)
            if takes:
                field = QLineEdit()
                field.setObjectName(f"text-{name}")
                field.setFont(theme.font(18))
                field.setPlaceholderText(tr("例如 %1", TAKES.get(takes, takes)))
                grid.addWidget(label(tr(CHOICES.get(takes, "")), 16, look="quiet", wrap=True), 2 * place + 1, 0, 1, 2)
                field.returnPressed.connect(key.click)
                grid.addWidget(field, 2 * place, 0)
        return grid

    def _faults(self, faults: Sequence[str]) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(10)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        for place, fault in enumerate(faults):
            switch = QCheckBox(tr(FAULTS.get(fault, fault)))
            switch.setObjectName(f"fault-{fault}")
            switch.setProperty("fault", fault)
            switch.toggled.connect(self._on_fault)
            grid.addWidget(switch, place // COLUMNS, place % COLUMNS)
        return grid

    def _on_action(self) -> None:
        name = self.sender().property("action")
        field = self.findChild(QLineEdit, f"text-{name}")
        text = field.text().strip() if field else ""
        self.refused.hide()
        if field is None or text:
            self.said.emit(f"{name} {text}".strip())

    def _on_fault(self, on: bool) -> None:
        self.said.emit(f"{self.sender().property('fault')} {'on' if on else 'off'}")
