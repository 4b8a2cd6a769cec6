"""One service item of the visit: its name, its clock against ten minutes, its outcome."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from hallapp.documents.wording import OUTCOMES
from hallapp.domain.handling import ItemState, Pace, pace
from hallapp.services.desk import RunningItem
from hallapp.ui import theme
from hallapp.ui.widgets.parts import label
from hallapp.ui.words import MODES, clock_text, tr


class ItemCard(QFrame):
    """Shows one item; the running one has the largest clock, ``compact`` is one line.

    ``near`` is a share of ``target`` (seconds a case).

    Signals:
        chosen: Clicked; the item's id.
    """

    chosen = Signal(int)

    def __init__(
        self, name: str, running: RunningItem, target: float, near: float, *, small: bool, compact: bool,
    ) -> None:
        super().__init__()
        self.item_id = running.item.id
        self._item, self._target, self._near = running.item, target * running.item.quantity, near
        self._limited = running.item.immediate
        self._pace: Pace | None = None
        self._selected = False
        self.setObjectName(f"card-{self.item_id}")
        going = running.item.state is ItemState.RUNNING
        pixels = 22 if compact else (34 if small else 54) if going else (26 if small else 34)
        quantity = tr("  ×\u00a0%1\u00a0件", running.item.quantity) if running.item.quantity > 1 else ""
        self._name = label(name + quantity, 18 if compact else 20 if small else 22, bold=True, wrap=True)
        kind = tr("即时办理") if running.item.immediate else tr("非即时件")
        self._mode = label(f"{kind}　{tr(MODES[running.item.mode])}", 16, look="quiet")
        self.near = label(tr("即将到时"), 16, bold=True)
        self.near.hide()
        theme.tint(self.near, theme.NEAR)
        self.clock = label("", pixels, bold=True)
        self.clock.setFixedHeight(round(pixels * 1.25))
        self.clock.setAlignment(theme.ALIGN_RIGHT)
        self.status = label("", 16, bold=True)
        self.status.setMinimumWidth(176)
        self.status.setAlignment(theme.ALIGN_RIGHT)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setMaximum(1000)
        if not self._limited or self._item.state is ItemState.ENDED or compact:
            self.bar.hide()
        if compact:
            self._arrange_in_line()
        else:
            self._arrange(8 if small else 14)
        self.set_selected(False)

    def set_selected(self, selected: bool) -> None:
        self._selected = selected
        edge, ground = (theme.ACCENT, theme.ACCENT_PALE) if selected else (theme.LINE, theme.PAPER)
        self.setStyleSheet(f"ItemCard {{ background: {ground}; border: 2px solid {edge}; border-radius: 12px; }}")

    def show_seconds(self, seconds: float) -> None:
        """The clock, its pace by sign, word and colour, and the bar against the target."""
        now = pace(seconds, self._target, self._near) if self._limited else Pace.CALM
        self.clock.setText(clock_text(seconds))
        self.status.setText(self._words(seconds, now))
        self.bar.setValue(min(1000, int(1000 * seconds / self._target)))
        if now is not self._pace:
            self._pace = now
            self._colour(now)

    def mousePressEvent(self, event: object) -> None:
        self.chosen.emit(self.item_id)

    def _arrange(self, air: int) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(4)
        right.setSpacing(0)
        middle = QHBoxLayout()
        middle.addWidget(self._mode)
        middle.addStretch(1)
        middle.addWidget(self.near)
        left.addStretch(1)
        left.addWidget(self._name)
        left.addLayout(middle)
        left.addWidget(self.bar)
        left.addStretch(1)
        right.addStretch(1)
        right.addWidget(self.clock)
        right.addWidget(self.status)
        right.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, air, 18, air)
        row.setSpacing(20)
        row.addLayout(left, 1)
        row.addLayout(right)

    def _arrange_in_line(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 2, 18, 2)
        row.setSpacing(16)
        row.addWidget(self._name, 1)
        for part in (self.clock, self.status):
            row.addWidget(part)
        for part in (self._mode, self.near, self.bar):
            part.setParent(self)
            part.hide()
        self.status.setMinimumWidth(108)

    def _colour(self, now: Pace) -> None:
        ink = theme.STATE_INKS[now]
        quiet = self._item.state is not ItemState.RUNNING
        self.near.setVisible(now is Pace.NEAR and not self.bar.isHidden())
        theme.tint(self.clock, theme.QUIET if quiet else theme.INK if now is Pace.CALM else ink)
        theme.tint(self.status, theme.QUIET if quiet else ink)
        self.bar.setStyleSheet(
            f"QProgressBar {{ background: {theme.TRACK}; border: none; border-radius: 4px; min-height: 8px; "
            f"max-height: 8px; }} "
            f"QProgressBar::chunk {{ background: {ink}; border-radius: 4px; }}")

    def _words(self, seconds: float, now: Pace) -> str:
        if self._item.state is ItemState.ENDED:
            return f"✓ {tr(OUTCOMES[self._item.outcome])}"
        if self._item.state is ItemState.SUSPENDED:
            return tr("‖ 已暂停，按 0 继续") if self._selected else tr("‖ 已暂停")
        if not self._limited:
            return tr("● 办理中")
        if now is Pace.OVER:
            return tr("%1 已超时 %2", theme.SIGNS[now], clock_text(seconds - self._target))
        left = clock_text(self._target - seconds)
        return tr("%1 距 %2 分钟还有 %3", theme.SIGNS[now], f"{self._target / 60:g}", left)
