"""Which window stands on which screen, and how to reach the others."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, Qt, QTimer, QTranslator, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QKeySequence, QScreen, QShortcut, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from hallapp import paths
from hallapp.ui import theme
from hallapp.ui.awake import keep_awake

LEAVE = "Ctrl+Shift+Q"
OPENING_MS = 3000


def start_qt() -> QApplication:
    """Qt in the hall's dress, with a screen's scaling taken as it is set: at 125 % a window is not that of 100 %."""
    app = QApplication.instance()
    if app is None:
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
        app = QApplication(sys.argv[:1])
    app.setWindowIcon(QIcon(str(paths.resources() / "icons" / "app.png")))
    theme.apply(app)
    speak_chinese(app)
    return app


def speak_chinese(app: QApplication) -> QTranslator:
    """What Qt says by itself, in the file dialog, the calendar and the menus of fields: on a PC of any language."""
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    words = QTranslator(app)
    words.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    app.installTranslator(words)
    return words


def cover(screen: QScreen, window: QWidget) -> None:
    """Show the window over the whole screen."""
    window.setGeometry(screen.geometry())
    _fill(window)


def _fill(window: QWidget) -> None:
    if _wants_keys(window):
        window.showFullScreen()  # which asks for the keyboard
    else:
        window.setWindowState(Qt.WindowState.WindowFullScreen)
        window.show()


def _wants_keys(window: QWidget) -> bool:
    return not window.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus


class Screens(QObject):
    """Spreads windows over the screens: the first on the first screen, and so on, full screen; those at the places
    ``at_first`` (from 0) lie on the first screen too, for what staff look at is nothing for a visitors' screen.

    Windows that share a screen lie behind one another; Ctrl+1, Ctrl+2 ... bring each to the front
    from wherever the keyboard is. No window has a border to close it by, and a visitor must not find a way out: the
    program is left by a key that no touch screen has, and that asks.

    Signals:
        left: The program is to end.
    """

    left = Signal()

    def __init__(self, windows: Sequence[QWidget], screens: Sequence[QScreen] | None = None,
                 at_first: Collection[int] = ()) -> None:
        super().__init__(windows[0])
        self._at_first = at_first
        self._windows = list(windows)
        self._screens = list(screens if screens is not None else QGuiApplication.screens())
        self._opening = QTimer(self, interval=OPENING_MS, singleShot=True)
        QGuiApplication.instance().focusWindowChanged.connect(self._on_focus_changed)
        for window in self._windows:
            for place in range(1, len(self._windows) + 1):
                shortcut = QShortcut(QKeySequence(f"Ctrl+{place}"), window)
                shortcut.setProperty("place", place)
                shortcut.activated.connect(self._on_activated)
            QShortcut(QKeySequence(LEAVE), window).activated.connect(self._on_leave)

    def show(self) -> None:
        """Show all; of those sharing a screen the first ends up in front."""
        for place in range(len(self._windows) - 1, -1, -1):
            cover(self._screens[self.screen_of(place)], self._windows[place])
        self.bring(1)
        self._opening.start()
        if len(self._windows) > len(self._at_first):
            keep_awake()

    def screen_of(self, place: int) -> int:
        """Which screen the window of that place (both from 0) lies on."""
        return 0 if place in self._at_first else place % len(self._screens)

    def bring(self, place: int) -> None:
        """The window of that place (from 1) to the front."""
        window = self._windows[place - 1]
        _fill(window)
        window.raise_()
        if _wants_keys(window):
            window.activateWindow()

    def _on_focus_changed(self, _window: QWindow | None) -> None:
        """A desktop may give each new window the keyboard and the front, also some time after it was shown."""
        if self._opening.isActive() and any(window.isActiveWindow() for window in self._windows[1:]):
            self.bring(1)

    def _on_activated(self) -> None:
        self._opening.stop()
        self.bring(self.sender().property("place"))

    def _on_leave(self) -> None:
        from hallapp.ui.counter.dialogs.confirm import Confirm

        ask = Confirm(
            self.tr("退出程序？"),
            self.tr("这台电脑上打开的窗口都会关闭。已取的号和办理中的事项都有记录，再打开时接着办。"),
            self.tr("退出"), self.sender().parent())
        ask.confirmed.connect(self.left)
        ask.open()


def screen_lines() -> tuple[str, ...]:
    """Every screen with its size, the one with the task bar first."""
    app = QGuiApplication.instance() or QGuiApplication([])
    return tuple(f"{screen.name()}  {screen.size().width()}x{screen.size().height()}" for screen in app.screens())
