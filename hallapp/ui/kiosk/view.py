"""The kiosk's window: one page at a time, the same bar above and the same way back below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from hallapp.documents.wording import WEEKDAYS
from hallapp.ui import theme
from hallapp.ui.kiosk.parts import Bar, Guard, Page, Scale, plain_button, scale_for, words
from hallapp.ui.widgets.wedge import Wedge

SLOW_MS = 500  # nobody wonders before that


class KioskWindow(QWidget):
    """Shows; decides nothing. It cannot be closed unless ``allow_close`` was called.

    Signals:
        home_requested: Back to the start.
        back_requested: One page back.
        touched: Somebody is there.
        scanned: What a scanner read, as text; by the keyboard, or from a scanner's own thread.
        resized: The screen has another size; pages are built anew.
    """

    home_requested = Signal()
    back_requested = Signal()
    touched = Signal()
    scanned = Signal(str)
    resized = Signal()

    def __init__(self, hall_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(hall_name)
        self.setObjectName("kiosk")
        self.setStyleSheet(f"#kiosk {{ background: {theme.GROUND}; }}")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setMinimumSize(640, 480)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._may_close = False
        self._wedge = Wedge(self)
        self._wedge.scanned.connect(self.scanned)
        self.page: Page | None = None
        self.bar = Bar(self.tr("%1 · 医保服务").replace("%1", hall_name))
        self._foot, self._column = QFrame(), QVBoxLayout(self)
        self._foot.setProperty("look", "foot")
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignTop)  # at its place too while the hall is opened
        self._column.addWidget(self._foot, 0, Qt.AlignmentFlag.AlignBottom)
        self._row = QHBoxLayout(self._foot)
        self._trouble, self._left, self._slowly, self._urgent = "", 0, False, False
        self.busy = False  # a number is being issued
        self.guard = Guard(self)
        self._slow = QTimer(self, interval=SLOW_MS, singleShot=True)
        self._slow.timeout.connect(self._on_slow)
        self._said: QLabel | None = None
        self._stay: QPushButton | None = None
        self._away_from_home = False

    def scale(self, large: bool) -> Scale:
        return scale_for(self.width(), self.height(), large)

    def show_page(self, make: Callable[[Scale], Page], *, large: bool, home: bool) -> Page:
        """Put a page in place of the one before; all but the home page offer the way back."""
        scale = self.scale(large)
        page = make(scale)
        self._slow.stop()
        if self.page is not None:
            self._column.removeWidget(self.page)
            self.page.hide()
            self.page.deleteLater()
        self.page, self._away_from_home, self.busy, self._slowly = page, not home, False, False
        self._left = 0  # the seconds of the page before are not this one's
        page.touched.connect(self.touched)
        self._column.insertWidget(1, page, 1)
        self.bar.fit(scale)
        self._fill_foot(scale)
        self.guard.hold(page, self._foot)
        return page

    def show_time(self, local: datetime) -> None:
        day = f"{local.year}年{local.month}月{local.day}日 星期{WEEKDAYS[local.weekday()]}"
        self.bar.time.setText(f"{local:%H:%M}　{day}")

    def show_trouble(self, sentence: str, *, urgent: bool = False) -> None:
        """One calm line at the foot; empty when all is well. ``urgent``: an answer, for which the seconds wait."""
        self._trouble, self._urgent = sentence, urgent
        self._say()

    def show_left(self, seconds: int) -> None:
        """How soon the page gives way, with a button to keep it; 0 while there is time enough."""
        if seconds != self._left:
            self._left = seconds
            self._say()

    def trouble(self) -> str:
        return self._trouble

    def set_busy(self, busy: bool) -> None:
        """Nothing on the page can be pressed while a number is being issued; if that takes long it is said, and seen.
        Dimming the page at once would take longer than the number, and hold its slip up."""
        self.busy = busy
        self.guard.end()
        if self.page is not None:
            self.page.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, busy)
        if busy:
            self._slow.start()
            return
        self._slow.stop()
        if self._slowly:
            self._show_slowly(False)

    def _on_slow(self) -> None:
        self._show_slowly(True)

    def _show_slowly(self, slowly: bool) -> None:
        self._slowly = slowly
        if self.page is not None:
            self.page.setEnabled(not slowly)
        self._say()

    def allow_close(self) -> None:
        self._may_close = True

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A person's keys do nothing here, Escape least of all."""
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A touch beside the buttons: somebody is there."""
        super().mousePressEvent(event)
        self.touched.emit()

    def _fill_foot(self, scale: Scale) -> None:
        while self._row.count():
            widget = self._row.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._row.setContentsMargins(scale.px(64), scale.px(4), scale.px(64), scale.px(4))
        self._row.setSpacing(scale.px(22))
        line = scale.touch(76) if self._away_from_home else scale.px(76)
        self._foot.setFixedHeight(line + 2 * scale.px(36 if scale.portrait else 12))
        plain = Scale(scale.factor, False, scale.columns)
        self._said, self._stay = words("", plain, 26), plain_button("stay", self.tr("再看一会儿"), plain, filled=True)
        self._said.setObjectName("trouble")
        self._said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        shown: list[QWidget] = [self._stay, self._said]
        if self._away_from_home:
            back, home = (plain_button(name, text, plain) for name, text in (
                ("back", self.tr("返回")), ("home", self.tr("回到首页"))))
            for button, wish in ((back, self.back_requested), (self._stay, self.touched), (home, self.home_requested)):
                button.clicked.connect(wish)
            shown = [back, self._stay, self._said, home]
        for part in shown:
            self._row.addWidget(part, int(part is self._said))
        self._say()

    def _say(self) -> None:
        """The most urgent of what there is to say; nothing else moves, so that no press is lost."""
        if self._said is None or self._stay is None:
            return
        silent = self._away_from_home or self.page is None or not self.page.takes_scans
        calm = "" if silent else self.tr(
            "扫描号码单可查看排队；带告知单再来的，请扫描单上的条码；号码单丢了请找工作人员")
        soon = self.tr("%1 秒后回到首页") if self._away_from_home else self.tr("%1 秒后回到普通取号，点这里再看一会儿")
        left = soon.replace("%1", str(self._left)) if self._left and not self._urgent else ""
        left = self.tr("正在取号，请稍候") if self._slowly else left
        ink, pixels = ((theme.INK, 32) if left else (theme.PRIORITY_INK, 36) if self._trouble else (theme.QUIET, 26))
        scale = self.scale(False)
        self._said.setText(left or self._trouble or calm)
        self._said.setFont(theme.font(scale.px(pixels), bold=pixels > 26))
        theme.tint(self._said, ink)
        self._stay.setVisible(bool(self._left) and not self._slowly and self._away_from_home)
