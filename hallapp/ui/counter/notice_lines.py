"""The materials of an item as the clerk ticks them for a one-time notice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from hallapp.domain.catalogue import Material
from hallapp.domain.notice import NoticeLine
from hallapp.ui import theme
from hallapp.ui.widgets.parts import label, rule


def notice_line(material: Material) -> NoticeLine:
    return NoticeLine(material.name, material.original, material.copies, material.where, material.notes)


class MaterialRow(QWidget):
    """One material with its two boxes: missing (space) and received (R).

    Signals:
        ticked: A box was ticked or cleared.
    """

    ticked = Signal()

    def __init__(self, place: int, material: Material) -> None:
        super().__init__()
        self.material = material
        self.missing = QCheckBox(self.tr("缺"))
        self.received = QCheckBox(self.tr("已收"))
        self.missing.setObjectName(f"missing-{place}")
        self.received.setObjectName(f"received-{place}")
        for box, other in ((self.missing, self.received), (self.received, self.missing)):
            box.setFont(theme.font(20, bold=True))
            box.setProperty("other", other)
            box.toggled.connect(self._on_toggled)
            box.installEventFilter(self)
        text = QVBoxLayout()
        text.setSpacing(2)
        name = label(material.name, 20, wrap=True)
        name.setObjectName(f"material-{place}")
        text.addWidget(name)
        hint = "　".join(part for part in (material.condition, material.where, material.notes) if part)
        if hint:
            text.addWidget(label(hint, 16, look="quiet", wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 8, 4, 8)
        row.setSpacing(20)
        row.addWidget(self.missing)
        row.addWidget(self.received)
        row.addLayout(text, 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """R marks the row received, the arrows move between rows and back to the conditions."""
        if event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_R:
                self.received.toggle()
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.parent().focus_from(self, 1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() == Qt.Key.Key_Left:
                self.parent().left.emit()
                return True
        return super().eventFilter(watched, event)

    def _on_toggled(self, checked: bool) -> None:
        if checked:
            self.sender().property("other").setChecked(False)
        self.ticked.emit()


class MaterialRows(QScrollArea):
    """All rows of the chosen conditions; ticks survive a change of conditions.

    Signals:
        left: The arrow to the left, back to the conditions.
        ticked: A box was ticked or cleared.
    """

    left = Signal()
    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrows move between the rows, and these into sight
        self._rows: list[MaterialRow] = []

    def show_materials(self, materials: Sequence[Material], empty: str) -> None:
        """``empty`` is said instead of no materials."""
        missing, received = set(self.missing()), set(self.received())
        inside = _Inside()
        inside.left.connect(self.left)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(0)
        self._rows = inside.rows = [MaterialRow(place, material) for place, material in enumerate(materials, 1)]
        for row in self._rows:
            row.missing.setChecked(notice_line(row.material) in missing)
            row.received.setChecked(notice_line(row.material) in received)
            row.ticked.connect(self.ticked)
            column.addWidget(row)
            column.addWidget(rule())
        if not materials:
            column.addWidget(label(empty, 20, look="quiet", wrap=True))
        column.addStretch(1)
        self.setWidget(inside)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def missing(self) -> tuple[NoticeLine, ...]:
        return tuple(notice_line(row.material) for row in self._rows if row.missing.isChecked())

    def received(self) -> tuple[NoticeLine, ...]:
        return tuple(notice_line(row.material) for row in self._rows if row.received.isChecked())

    def follow(self, before: QWidget) -> None:
        """Tab comes to the rows, made last, right after ``before``."""
        boxes = [box for row in self._rows for box in (row.missing, row.received)]
        for box, after in pairwise([before, *boxes]):
            QWidget.setTabOrder(box, after)

    def take_focus(self) -> None:
        if self._rows:
            self._rows[0].missing.setFocus(Qt.FocusReason.OtherFocusReason)


class _Inside(QWidget):
    left = Signal()
    rows: list[MaterialRow]

    def focus_from(self, row: MaterialRow, step: int) -> None:
        place = max(0, min(len(self.rows) - 1, self.rows.index(row) + step))
        self.rows[place].missing.setFocus(Qt.FocusReason.OtherFocusReason)
        self.parent().parent().ensureWidgetVisible(self.rows[place])
