"""What the rater's pages are made of: faces, large level buttons, reasons that can be ticked."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from hallapp.documents.wording import LEVELS
from hallapp.domain.rating import Level
from hallapp.ui import theme
from hallapp.ui.kiosk.parts import Scale, words
from hallapp.ui.words import tr

SMILES = {5: 0.30, 4: 0.18, 3: 0.0, 2: -0.16, 1: -0.26}  # how far the mouth bends, in face radii


class Face(QWidget):
    """The face of a level, as large as its place allows."""

    def __init__(self, level: Level, smallest: int) -> None:
        super().__init__()
        self._level = level
        self.setMinimumSize(smallest, smallest)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = min(self.width(), self.height()) / 2 * 0.94
        spare = self.height() / 2 - radius
        painter.translate(self.width() / 2, self.height() / 2 + spare / 3)  # a little low: the face belongs to its word
        painter.scale(radius, radius)
        pen = QPen(QColor(theme.INK), 0.075, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                   Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(QColor(theme.FACES[self._level]))
        painter.drawEllipse(QRectF(-0.96, -0.96, 1.92, 1.92))
        painter.setBrush(QColor(theme.INK))
        for side in (-1, 1):
            painter.drawEllipse(QPointF(side * 0.36, -0.2), 0.07, 0.1)
        if self._level is Level.VERY_DISSATISFIED:
            for side in (-1, 1):
                painter.drawLine(QPointF(side * 0.58, -0.58), QPointF(side * 0.24, -0.43))
        self._mouth(painter)

    def _mouth(self, painter: QPainter) -> None:
        bend = SMILES[self._level]
        mouth = QPainterPath(QPointF(-0.46, 0.36 - bend / 2))
        mouth.quadTo(QPointF(0, 0.36 + bend * 1.9), QPointF(0.46, 0.36 - bend / 2))
        if self._level is Level.VERY_SATISFIED:  # laughs with an open mouth
            mouth.closeSubpath()
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(mouth)


class LevelTile(QPushButton):
    """A level as a face with its word; the whole of it can be touched."""

    def __init__(self, level: Level, scale: Scale) -> None:
        super().__init__()
        self.setObjectName(f"level-{int(level)}")
        self.setAccessibleName(tr(LEVELS[level]))
        self.setProperty("level", int(level))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(scale.touch(200), scale.touch(200 if scale.portrait else 320))
        self.setStyleSheet(
            f"LevelTile {{ background: {theme.PAPER}; border: {max(2, scale.px(4))}px solid {theme.EDGE}; "
            f"border-radius: {scale.px(24)}px; padding: 0; }} "
            f"LevelTile:pressed {{ background: {theme.ACCENT_PALE}; border-color: {theme.ACCENT}; }}")
        word = words(tr(LEVELS[level]), scale, 64 if scale.portrait else 58, bold=True)
        word.setWordWrap(False)
        word.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        face = Face(level, scale.px(150))
        if scale.portrait:  # a row: the face, then its word
            row = QHBoxLayout(self)
            row.setContentsMargins(scale.px(120), scale.px(24), scale.px(24), scale.px(24))
            row.setSpacing(scale.px(72))
            face.setFixedWidth(scale.px(200))
            row.addWidget(face)
            row.addWidget(word, 1)
        else:
            word.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column = QVBoxLayout(self)
            column.setContentsMargins(scale.px(8), scale.px(48), scale.px(8), scale.px(48))
            column.setSpacing(scale.px(28))
            face.setMaximumHeight(scale.px(264))
            column.addStretch(1)
            column.addWidget(face, 20)
            column.addWidget(word)
            column.addStretch(1)


class Reason(QPushButton):
    """One reason to tick: a sign and a text that wraps; ticked it is filled."""

    def __init__(self, code: str, text: str, scale: Scale) -> None:
        super().__init__()
        self.setObjectName(f"reason-{code}")
        self.setAccessibleName(text)
        self.setProperty("code", code)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(scale.touch(96))
        edge = f"{max(2, scale.px(3))}px solid"
        self.setStyleSheet(
            f"Reason {{ background: {theme.PAPER}; border: {edge} {theme.EDGE}; border-radius: {scale.px(14)}px; "
            f"padding: 0; }} Reason:checked {{ background: {theme.ACCENT}; border-color: {theme.ACCENT}; }}")
        row = QHBoxLayout(self)
        row.setContentsMargins(scale.px(24), scale.px(6), scale.px(20), scale.px(6))
        row.setSpacing(scale.px(16))
        self._mark, self._text = words("○", scale, 46, bold=True), words(text, scale, 46, bold=True)
        self._mark.setFixedWidth(scale.px(54))
        self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for part, share in ((self._mark, 0), (self._text, 1)):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(part, share)
        self.toggled.connect(self._on_toggled)

    def _on_toggled(self, ticked: bool) -> None:
        self._mark.setText("✓" if ticked else "○")
        for part in (self._mark, self._text):
            theme.tint(part, theme.PAPER if ticked else theme.INK)
