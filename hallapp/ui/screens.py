"""Which window stands on which screen, and how to reach the others."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, QObject, Qt, QTimer, QTranslator, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QKeySequence, QScreen, QShortcut, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from hallapp import paths
from hallapp.ui import theme
from hallapp.ui.awake import keep_awake
from hallapp.ui.garbage import Garbage
from hallapp.ui.spread import Known, known, spread

LEAVE = "Ctrl+Shift+Q"
OPENING_MS = 3000
SETTLING_MS = 1000
INTERRUPTED = 130  # as shells say it


def start_qt() -> QApplication:
    """Qt in the hall's dress, with a screen's scaling taken as it is set: at 125 % a window is not that of 100 %."""
    app = QApplication.instance()
    if app is None:
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
        app = QApplication(sys.argv[:1])
        Garbage(app)
    app.setWindowIcon(QIcon(str(paths.resources() / "icons" / "app.png")))
    theme.apply(app)
    speak_chinese(app)
    return app


def end_by_ctrl_c() -> None:
    """Where the program was started on a command line; Python's own interrupt would get lost in a slot."""
    signal.signal(signal.SIGINT, _interrupted)


def _interrupted(_sign: int, _frame: object) -> None:
    if QGuiApplication.instance() is None:
        raise KeyboardInterrupt
    QGuiApplication.exit(INTERRUPTED)


def speak_chinese(app: QApplication) -> QTranslator:
    """What Qt says by itself, in the file dialog, the calendar and the menus of fields: on a PC of any language."""
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    words = QTranslator(app)
    words.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    app.installTranslator(words)
    return words


def cover(screen: QScreen, window: QWidget) -> None:
    """Show the window over the whole screen; without a frame from the start: Windows' Qt keeps room for the one that a
    window had, and makes it larger than a screen that it just fits."""
    window.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    window.setGeometry(screen.geometry())
    _fill(window)


def screen_of(wanted: str | None) -> QScreen:
    """Where a program's only window belongs, as ``spread`` has it."""
    screens = QGuiApplication.screens()
    return screens[spread([wanted], [one.name() for one in screens])[0]]


def _fill(window: QWidget) -> None:
    if _wants_keys(window):
        window.showFullScreen()  # which asks for the keyboard
    else:
        window.setWindowState(Qt.WindowState.WindowFullScreen)
        window.show()


def _wants_keys(window: QWidget) -> bool:
    return not window.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus


class Screens(QObject):
    """Spreads windows over the screens, full screen, as ``spread`` has it of what each has ``wanted``. A screen may be
    switched off and on: its window waits meanwhile behind those of the first screen, and then goes back. With a screen
    that was not there before all are spread anew, as at a start.

    Windows that share a screen lie behind one another; Ctrl+1, Ctrl+2 ... bring each to the front
    from wherever the keyboard is. No window has a border to close it by, and a visitor must not find a way out: the
    program is left by a key that no touch screen has, and that asks; a desktop's own key for closing asks at the
    windows of staff and does nothing at the others.

    Signals:
        left: The program is to end.
    """

    left = Signal()

    def __init__(self, windows: Sequence[QWidget], wanted: Sequence[str | None],
                 screens: Callable[[], Sequence[QScreen]] = QGuiApplication.screens) -> None:
        super().__init__(windows[0])
        self._windows, self._wanted, self._screens = list(windows), list(wanted), screens
        self._known: list[Known] = []
        self._homeless: list[QWidget] = []
        self._opening = QTimer(self, interval=OPENING_MS, singleShot=True)
        self._settling = QTimer(self, interval=SETTLING_MS, singleShot=True)
        self._settling.timeout.connect(self._on_settled)
        app = QGuiApplication.instance()
        app.focusWindowChanged.connect(self._on_focus_changed)
        app.screenAdded.connect(self._on_screen_added)
        for change in (app.screenRemoved, app.primaryScreenChanged, *(one.geometryChanged for one in screens())):
            change.connect(self._on_screens_changed)
        for window in self._windows:
            for place in range(1, len(self._windows) + 1):
                shortcut = QShortcut(QKeySequence(f"Ctrl+{place}"), window)
                shortcut.setProperty("place", place)
                shortcut.activated.connect(self._on_activated)
            QShortcut(QKeySequence(LEAVE), window).activated.connect(self._on_leave)
            window.installEventFilter(self)

    def show(self) -> None:
        """Show all; of those sharing a screen the first ends up in front."""
        self._arrange()
        self.bring(1)
        self._opening.start()
        if any(one is not None for one in self._wanted):
            keep_awake()

    def _arrange(self) -> bool:
        """Cover the screens with their windows; whether one was not there yet. Those that are not at home lie behind:
        on what is left of the screens visitors see what is theirs."""
        screens = self._screens()
        here = dict(zip(known(screens), screens, strict=True))
        if not here.keys() <= set(self._known):
            self._known = list(here)
        homes = [self._known[place] for place in spread(self._wanted, [name for name, *_ in self._known])]
        order = sorted(zip(reversed(self._windows), reversed(homes), strict=True), key=lambda each: each[1] in here)
        self._homeless = [window for window, home in order if home not in here]
        moved = False
        for window, home in order:
            screen = here.get(home, screens[0])
            if not window.isVisible() or window.geometry() != screen.geometry():
                cover(screen, window)
                moved = True
        for window, _home in order if moved else ():
            window.raise_()
        return moved

    def _on_screen_added(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._on_screens_changed)
        self._on_screens_changed(screen)

    def _on_screens_changed(self, _changed: object) -> None:
        self._settling.start()  # a desktop takes several steps for it

    def _on_settled(self) -> None:
        front, first_was_away = QApplication.activeWindow(), self._windows[0] in self._homeless
        if not self._screens() or not self._arrange():
            return
        owner = front
        while owner is not None and owner.parentWidget() is not None:
            owner = owner.parentWidget()
        if front is None or first_was_away or owner in self._homeless:
            self.bring(next((place for place, one in enumerate(self._windows, 1) if one not in self._homeless), 1))
        else:
            front.raise_()
            front.activateWindow()

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

    def eventFilter(self, window: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.Close:
            return False
        event.ignore()
        if self._wanted[self._windows.index(window)] is None:
            self._ask_to_leave(window)
        return True

    def _on_leave(self) -> None:
        self._ask_to_leave(self.sender().parent())

    def _ask_to_leave(self, window: QWidget) -> None:
        from hallapp.ui.counter.dialogs.confirm import Confirm

        ask = Confirm(
            self.tr("退出程序？"),
            self.tr("这台电脑上打开的窗口都会关闭。已取的号和办理中的事项都有记录，再打开时接着办。"),
            self.tr("退出"), window)
        ask.confirmed.connect(self.left)
        ask.open()


def screen_lines() -> tuple[str, ...]:
    """Every screen with its number, name and size, the one with the task bar first."""
    app = QGuiApplication.instance() or QGuiApplication([])
    return tuple(f"{place}  {screen.name()}  {screen.size().width()}x{screen.size().height()}"
                 for place, screen in enumerate(app.screens(), 1))
