"""How well words stand out: the contrast ratio of WCAG 2, computed from what a window really shows."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget


def luminance(colour: QColor) -> float:
    parts = [part / 255 for part in (colour.red(), colour.green(), colour.blue())]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: QColor, other: QColor) -> float:
    """1 for equal colours, 21 for black on white."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def faint(window: QWidget, least: float) -> list[tuple[str, str, str, float]]:
    """The words on show below that ratio: text, ink, ground, ratio. The ground is the commonest colour around them."""
    for _ in range(2):
        QApplication.sendPostedEvents()
        QApplication.processEvents()
    picture = window.grab().toImage()
    found = []
    for each in (*window.findChildren(QLabel), *window.findChildren(QAbstractButton)):
        seen = each.visibleRegion().boundingRect()  # less than all of it in something that scrolls
        if each.text() and not seen.isEmpty():
            place = QRect(each.mapTo(window, seen.topLeft()), seen.size())
            ink = each.palette().color(each.foregroundRole())
            ground = _ground(picture, place, ink)
            if ground is not None and ratio(ink, ground) < least:
                found.append((each.text(), ink.name(), ground.name(), round(ratio(ink, ground), 2)))
    return found


def _ground(picture: QImage, place: QRect, ink: QColor) -> QColor | None:
    seen = Counter(picture.pixel(x, y) for x in range(place.left(), place.right(), 3)
                   for y in range(place.top(), place.bottom(), 3))
    seen.pop(ink.rgb(), None)
    return QColor(seen.most_common(1)[0][0]) if seen else None
