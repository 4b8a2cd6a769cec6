"""One service item of the visit: its name, its clock against ten minutes, its outcome."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from hallapp.domain.handling import ItemState, Pace, pace
from hallapp.services.desk import RunningItem
from hallapp.ui import theme
from hallapp.ui.widgets.parts import label
from hallapp.ui.words import MODES, OUTCOMES, clock_text, tr


class ItemCard(QFrame):
    """Shows one item.

    Signals:
        chosen: Clicked; the item's id.
    """

    chosen = Signal(int)

    def __init__(self, name: str, running: RunningItem, target: float, near: float) -> None:
        super().__init__()
        self.item_id = running.item.id
        self._item, self._target, self._near = running.item, target, near
        self._limited = running.item.immediate
        self.setObjectName(f"card-{self.item_id}")
        quantity = f"  × {running.item.quantity} 件" if running.item.quantity > 1 else ""
        self._name = label(name + quantity, 20, bold=True, wrap=True)
        kind = tr("即时办理") if running.item.immediate else tr("非即时件")
        self._mode = label(f"{kind}　{tr(MODES[running.item.mode])}", 16, look="quiet")
        self.clock = label("", 34, bold=True)
        self.clock.setFixedHeight(42)
        self.clock.setAlignment(theme.ALIGN_RIGHT)
        self.status = label("", 16, bold=True)
        self.status.setMinimumWidth(190)
        self.status.setAlignment(theme.ALIGN_RIGHT)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setMaximum(1000)
        left, right = QVBoxLayout(), QVBoxLayout()
        for part in (self._name, self._mode, self.bar):
            left.addWidget(part)
        right.setSpacing(0)
        right.addWidget(self.clock)
        right.addWidget(self.status)
        row = QHBoxLayout(self)
        left.setSpacing(4)
        row.setContentsMargins(18, 6, 18, 8)
        row.setSpacing(20)
        row.addLayout(left, 1)
        row.addLayout(right)
        self.set_selected(False)

    def set_selected(self, selected: bool) -> None:
        edge, ground = (theme.ACCENT, theme.ACCENT_PALE) if selected else (theme.LINE, theme.PAPER)
        self.setStyleSheet(f"ItemCard {{ background: {ground}; border: 2px solid {edge}; border-radius: 12px; }}")

    def show_seconds(self, seconds: float) -> None:
        """The clock, its pace by sign, word and colour, and the bar against the target."""
        each = seconds / self._item.quantity
        now = pace(each, self._target, self._near) if self._limited else Pace.CALM
        self.clock.setText(clock_text(seconds))
        self.status.setText(self._words(each, now))
        quiet = self._item.state is not ItemState.RUNNING
        ink = theme.QUIET if quiet else theme.STATE_INKS[now]
        theme.tint(self.clock, theme.QUIET if quiet else theme.INK if now is Pace.CALM else ink)
        theme.tint(self.status, ink)
        self.bar.setVisible(self._limited and self._item.state is not ItemState.ENDED)
        self.bar.setValue(min(1000, int(1000 * each / self._target)))
        self.bar.setStyleSheet(
            "QProgressBar { background: #E4EBF3; border: none; border-radius: 4px; } "
            f"QProgressBar::chunk {{ background: {theme.STATE_INKS[now]}; border-radius: 4px; }}")

    def mousePressEvent(self, event: object) -> None:
        self.chosen.emit(self.item_id)

    def _words(self, each: float, now: Pace) -> str:
        if self._item.state is ItemState.ENDED:
            return f"✓ {tr(OUTCOMES[self._item.outcome])}"
        if self._item.state is ItemState.SUSPENDED:
            return tr("‖ 已暂停")
        if not self._limited:
            return tr("● 办理中")
        if now is Pace.OVER:
            return f"{theme.SIGNS[now]} " + tr("已超时 %1", clock_text(each - self._target))
        left = tr("距 10 分钟还有 %1", clock_text(self._target - each)) if self._target == 600 else clock_text(
            self._target - each)
        return f"{theme.SIGNS[now]} {left}"


