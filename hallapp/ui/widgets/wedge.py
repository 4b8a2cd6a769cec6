"""Scanners that type like a keyboard: recognised by their speed and kept out of the fields."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut, QWindow
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from shiboken6 import isValid

GAP_MS = 30  # between two keys: no finger is faster for long, no scanner much slower
REST_MS = 10  # after that wait, for keys that lie waiting themselves because this PC was busy
REPEAT_MS = 3  # no key held down comes again that soon; a scanner's same sign twice does, and X calls that repeated
SHORTEST = 6  # keys before Enter; a hand that rolls over some keys is no scanner
FIELDS = (QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_HELD_DOWN = (Qt.Key.Key_Shift, Qt.Key.Key_AltGr)
_HELD_BY = Qt.KeyboardModifier  # what may be held while a sign is typed
_TYPING = _HELD_BY.ShiftModifier | _HELD_BY.KeypadModifier | _HELD_BY.GroupSwitchModifier
_KINDS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease)


class Wedge(QObject):
    """Watches ``window`` and its dialogs. A key that is typed waits GAP_MS for the next one (then REST_MS for one that
    waits itself): at a scanner's speed they are gathered up to Enter, or where there is no field also without one;
    else it goes where it was meant for, as a letter or as a shortcut.

    Keys without a time stamp come from no keyboard and pass by. Where the focus is on nothing that is typed into, no
    input method takes part; in a field with Chinese input switched on, the keys are its own before they are seen here.

    Signals:
        scanned: A text, once; it is kept nowhere.
    """

    scanned = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._watched: QWindow | None = None
        self._held: list[tuple[QWindow, QKeyEvent]] = []
        self._last = 0
        self._giving = self._ended = False
        self._wait = QTimer(self, interval=GAP_MS, singleShot=True)
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._wait.timeout.connect(self._rest.start)
        self._rest.timeout.connect(self._let_go)
        application = QGuiApplication.instance()
        application.focusWindowChanged.connect(self._on_focus_window_changed)
        self._on_focus_window_changed(application.focusWindow())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether the key is kept back."""
        if event.type() not in _KINDS or self._giving or event.key() in _HELD_DOWN:
            return False
        if event.type() == QEvent.Type.KeyRelease:
            return bool(self._held) and self._hold(watched, event)
        quick = bool(event.timestamp()) and event.timestamp() - self._last <= GAP_MS
        if not quick:
            self._let_go()
        asked = event.type() == QEvent.Type.ShortcutOverride
        if quick and event.key() in _ENTER and (self._ended or len(self._text()) >= SHORTEST):
            return self._take(event) if asked else self._end(event)
        self._ended = False
        if not _typed(event) or (event.isAutoRepeat() and event.timestamp() - self._last > REPEAT_MS):
            self._let_go()
            return False
        return self._take(event) if asked else self._hold(watched, event)

    def _take(self, event: QKeyEvent) -> bool:
        """Not for the shortcuts: it comes again as a key that was pressed."""
        event.accept()
        return True

    def _hold(self, watched: QObject, event: QKeyEvent) -> bool:
        self._held.append((watched, event.clone()))
        if event.type() == QEvent.Type.KeyPress:
            self._last = event.timestamp()
            self._rest.stop()
            self._wait.start()
        return True

    def _end(self, event: QKeyEvent) -> bool:
        """Enter: the text is whole. Another one at the same speed is the scanner's line feed."""
        self._last, self._ended = event.timestamp(), True
        self._tell()
        return True

    def _tell(self) -> None:
        text, self._held = self._text(), []
        self._stop()
        if text:
            self.scanned.emit(text)

    def _text(self) -> str:
        return "".join(event.text() for _, event in self._held if event.type() == QEvent.Type.KeyPress)

    def _let_go(self) -> None:
        """No Enter came. Where nothing is typed into, single keys do things: a scanner without one must do none."""
        if len(self._text()) >= SHORTEST and not isinstance(QApplication.focusWidget(), FIELDS):
            self._tell()
        else:
            self._give_back()

    def _give_back(self) -> None:
        """A person typed this."""
        self._stop()
        held, self._held = self._held, []
        self._giving = True
        try:
            for window, event in held:
                if isValid(window):
                    _give(window, event)
        finally:
            self._giving = False

    def _stop(self) -> None:
        self._wait.stop()
        self._rest.stop()

    def _on_focus_window_changed(self, window: QWindow | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = window if window is not None and self._ours(window) else None
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def _ours(self, window: QWindow) -> bool:
        """The window or one of its dialogs, or of theirs."""
        widget, top = _widget(window), self._window.window()
        while widget is not None and widget is not top:
            widget = widget.parentWidget() and widget.parentWidget().window()
        return widget is not None


def _typed(event: QKeyEvent) -> bool:
    """Whether a scanner could have sent it: one sign, by a keyboard."""
    return (bool(event.timestamp()) and len(event.text()) == 1 and event.text().isprintable()
            and not event.modifiers() & ~_TYPING)


def _give(window: QWindow, event: QKeyEvent) -> None:
    """As Qt hands out a key: asked about first, then to the shortcuts, then to the focus."""
    if event.type() == QEvent.Type.KeyPress:
        asked = QKeyEvent(QEvent.Type.ShortcutOverride, event.key(), event.modifiers(), event.text())
        asked.ignore()
        QCoreApplication.sendEvent(window, asked)
        if not asked.isAccepted() and _pressed(window, event):
            return
    QCoreApplication.sendEvent(window, event)


def _pressed(window: QWindow, event: QKeyEvent) -> bool:
    """Whether a shortcut of the window took it."""
    widget = _widget(window)
    key = QKeySequence(event.key() | (event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier).value)
    for shortcut in widget.findChildren(QShortcut) if widget is not None else ():
        owner = shortcut.parent()
        if shortcut.key() == key and shortcut.isEnabled() and owner.window() is widget and (
                owner.isVisible() and owner.isEnabled()):
            shortcut.activated.emit()
            return True
    return False


def _widget(window: QWindow) -> QWidget | None:
    return next((each for each in QApplication.topLevelWidgets() if each.windowHandle() is window), None)
