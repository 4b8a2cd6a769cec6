"""The kiosk's window: one page at a time, the same bar above and the same way back below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from hallapp.documents.wording import WEEKDAYS
from hallapp.ui import theme
from hallapp.ui.kiosk.parts import Bar, Page, Scale, plain_button, scale_for
from hallapp.ui.widgets.parts import label
from hallapp.ui.widgets.wedge import Wedge


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
        self._column.addWidget(self.bar)
        self._column.addWidget(self._foot)
        self._row = QHBoxLayout(self._foot)
        self._trouble = ""
        self._away_from_home = False

    def scale(self, large: bool) -> Scale:
        return scale_for(self.width(), self.height(), large)

    def show_page(self, make: Callable[[Scale], Page], *, large: bool, home: bool) -> Page:
        """Put a page in place of the one before; all but the home page offer the way back."""
        scale = self.scale(large)
        page = make(scale)
        if self.page is not None:
            self._column.removeWidget(self.page)
            self.page.hide()
            self.page.deleteLater()
        self.page, self._away_from_home = page, not home
        page.touched.connect(self.touched)
        self._column.insertWidget(1, page, 1)
        self.bar.fit(scale)
        self._fill_foot(scale)
        return page

    def show_time(self, local: datetime) -> None:
        day = f"{local.year}年{local.month}月{local.day}日 星期{WEEKDAYS[local.weekday()]}"
        self.bar.time.setText(f"{local:%H:%M}　{day}")

    def show_trouble(self, sentence: str) -> None:
        """One calm line at the foot; empty when all is well."""
        if sentence != self._trouble:
            self._trouble = sentence
            self._fill_foot(self.scale(False))

    def trouble(self) -> str:
        return self._trouble

    def set_busy(self, busy: bool) -> None:
        """Nothing on the page can be pressed while a number is being issued."""
        if self.page is not None:
            self.page.setEnabled(not busy)

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

    def _fill_foot(self, scale: Scale) -> None:
        while self._row.count():
            widget = self._row.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._row.setContentsMargins(scale.px(64), scale.px(4), scale.px(64), scale.px(4))
        self._row.setSpacing(scale.px(22))
        two_lines = self._trouble and self.height() > self.width()
        line = scale.touch(76) if self._away_from_home else scale.px(76)
        self._foot.setFixedHeight(line + 2 * scale.px(36 if two_lines else 12))
        plain = Scale(scale.factor, False, scale.columns)
        calm = "" if self._away_from_home else self.tr("扫描号码单可查看排队；带告知单再来的，请扫描单上的条码")
        words = label(self._trouble or calm, plain.px(36 if self._trouble else 26), bold=bool(self._trouble), wrap=True)
        words.setObjectName("trouble")
        theme.tint(words, theme.PRIORITY_INK if self._trouble else theme.QUIET)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        if self._away_from_home:
            back = plain_button("back", self.tr("返回"), plain)
            back.clicked.connect(self.back_requested)
            home = plain_button("home", self.tr("回到首页"), plain)
            home.clicked.connect(self.home_requested)
            self._row.addWidget(back)
            self._row.addWidget(words, 1)
            self._row.addWidget(home)
        else:
            self._row.addWidget(words, 1)
