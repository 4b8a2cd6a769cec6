"""The counter's last line: the store and every device with sign and word, troubles first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from hallapp.domain.printing import DeviceStatus
from hallapp.ui import theme
from hallapp.ui.widgets.parts import label
from hallapp.ui.words import tr, trouble_sentence

GAP = 28
WORST_FIRST = ("down", "warning", "ready")
KINDS_FIRST = ("clock", "printer")  # by a wrong date all that is done is lost to the report; a clerk can put paper in


class LightsLine(QWidget):
    """What does not fit is counted, troubles last of all."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[QLabel] = []
        self._states: list[str] = []
        self._rest = self._line("ready", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_lights(self, lights: Sequence[DeviceStatus], store_away: bool) -> None:
        for line in self._lines:
            line.hide()
            line.deleteLater()
        store = ("down", tr("数据库没有响应")) if store_away else ("ready", tr("数据库正常"))
        ordered = sorted(lights, key=lambda light: (*KINDS_FIRST, light.kind).index(light.kind))
        states = [store, *((light.state.value, trouble_sentence(light)) for light in ordered)]
        states.sort(key=lambda each: WORST_FIRST.index(each[0]))
        self._states = [state for state, _ in states]
        self._lines = [self._line(state, words) for state, words in states]
        self._fit()

    def words(self) -> list[str]:
        """What can be read now."""
        return [line.text() for line in (*self._lines, self._rest) if not line.isHidden()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _line(self, state: str, words: str) -> QLabel:
        line = label(f"{theme.SIGNS[state]} {words}", 16, bold=state != "ready")
        line.setParent(self)
        theme.tint(line, theme.STATE_INKS[state])
        return line

    def _fit(self) -> None:
        widths = [line.sizeHint().width() for line in self._lines]
        shown = len(widths)
        while shown and self._total(widths, shown) > self.width():
            shown -= 1
            self._count(self._states[shown:])
        left = 0
        for place, line in enumerate(self._lines):
            line.setVisible(place < shown)
            if place < shown:
                line.setGeometry(left, 0, widths[place], self.height())
                left += widths[place] + GAP
        self._rest.setVisible(shown < len(widths))
        self._rest.setGeometry(left, 0, self._rest.sizeHint().width(), self.height())

    def _count(self, hidden: Sequence[str]) -> None:
        """Those that do not fit in a few words."""
        bad = sum(state != "ready" for state in hidden)
        words, state = (tr("另有 %1 项需处理", bad), "warning") if bad else (tr("其余无故障"), "ready")
        self._rest.setText(f"{theme.SIGNS[state]} {words}")
        theme.tint(self._rest, theme.STATE_INKS[state])

    def _total(self, widths: Sequence[int], shown: int) -> int:
        rest = self._rest.sizeHint().width() + GAP if shown < len(widths) else 0
        return sum(widths[:shown]) + GAP * max(0, shown - 1) + rest
