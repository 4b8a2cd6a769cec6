"""A keyboard whose keys carry the moment they were pressed, as a real one's do; nobody has to wait for it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication

PRESS, RELEASE = QEvent.Type.KeyPress, QEvent.Type.KeyRelease
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
ENTER = "\r"


class TimedKeys:
    """Hands its keys to a window as Qt does: asked about first (ShortcutOverride), then pressed, then let go."""

    moment = 1000  # ms; goes on from test to test as a session's does

    def __init__(self, window: QWindow) -> None:
        self.window = window

    def type(self, text: str, gap: int) -> None:
        """Each sign ``gap`` milliseconds after the one before; capitals with Shift, as a scanner sends them."""
        for sign in text:
            TimedKeys.moment += gap
            key = Qt.Key.Key_Return if sign == ENTER else Qt.Key(ord(sign.upper()))
            shift = sign.isupper()
            if shift:
                self.send(PRESS, Qt.Key.Key_Shift, "", SHIFT)
            self.press(key, sign, SHIFT if shift else NONE)
            self.send(RELEASE, key, sign, SHIFT if shift else NONE)
            if shift:
                self.send(RELEASE, Qt.Key.Key_Shift, "", NONE)

    def press(self, key: Qt.Key, sign: str, modifier: Qt.KeyboardModifier = NONE) -> None:
        self.send(QEvent.Type.ShortcutOverride, key, sign, modifier)
        self.send(PRESS, key, sign, modifier)

    def send(self, kind: QEvent.Type, key: Qt.Key, sign: str, modifier: Qt.KeyboardModifier) -> None:
        event = QKeyEvent(kind, key, modifier, sign)
        event.setTimestamp(TimedKeys.moment)
        if kind is QEvent.Type.ShortcutOverride:
            event.ignore()
        QApplication.sendEvent(self.window, event)
