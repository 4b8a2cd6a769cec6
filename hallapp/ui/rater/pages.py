"""The rater's pages: quiet, the question, the reasons, thanks."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from hallapp.documents.wording import LEVELS
from hallapp.domain.rating import CODES, Level
from hallapp.ui import theme
from hallapp.ui.kiosk.parts import Page, Scale, plain_button, words
from hallapp.ui.rater.parts import Face, LevelTile, Reason
from hallapp.ui.rating_words import reasons
from hallapp.ui.words import tr

TOLD_SECONDS = 15  # before that a count would only make people hurry


class QuietPage(Page):
    """Nobody is asked: where the visitor is, and nothing that asks for attention. ``away``: nobody can be asked now,
    for the store does not answer."""

    def __init__(self, scale: Scale, hall_name: str, window: int, *, away: bool = False) -> None:
        super().__init__(scale, "")
        hint = tr("暂时不能评价，系统恢复后自动开放，您不用等候") if away else tr("办理结束后，请您在这里评价")
        self.column.addStretch(3)
        for name, text, pixels, ink in (
            ("hall", hall_name, 64, theme.INK), ("window", tr("%1 号窗口", window), 200, theme.ACCENT),
            ("hint", hint, 44, theme.QUIET),
        ):
            self.column.addWidget(_middle(words(text, scale, pixels, bold=name != "hint", ink=ink), name))
        self.column.addStretch(2)


class AskPage(Page):
    """Signals:
        level_chosen: 5 to 1.
    """

    level_chosen = Signal(int)

    def __init__(self, scale: Scale, staff: str, seconds: int) -> None:
        super().__init__(scale, "")
        self.column.addWidget(_middle(words(tr("请您评价本次服务"), scale, 84, bold=True), "question"))
        who = words(tr("为您服务的工作人员：工号 %1", staff), scale, 46, ink=theme.QUIET)
        self.column.addWidget(_middle(who, "staff"))
        row = QBoxLayout(QBoxLayout.Direction.TopToBottom if scale.portrait else QBoxLayout.Direction.LeftToRight)
        row.setSpacing(scale.px(24))
        for level in Level:
            tile = LevelTile(level, scale)
            tile.clicked.connect(self._on_tile_clicked)
            row.addWidget(tile, 1)
        self.column.addLayout(row, 1)
        self._hint = words("", scale, 42, ink=theme.QUIET)
        self.column.addWidget(_middle(self._hint, "hint"))
        self.show_left(seconds)

    def show_left(self, seconds: int) -> None:
        """How long the question stays."""
        self._hint.setText(tr("点一下就可以。窗口人员当场看不到您的选择；不评价也没关系，%1 秒后自动返回。", seconds))

    def _on_tile_clicked(self) -> None:
        self.level_chosen.emit(self.sender().property("level"))


class ReasonsPage(Page):
    """Signals:
        submitted: The ticked codes, a tuple.
        back_requested: Another level.
    """

    submitted = Signal(object)
    back_requested = Signal()

    def __init__(self, scale: Scale, level: Level, ticked: tuple[str, ...] = ()) -> None:
        super().__init__(scale, "")
        self.column.setSpacing(scale.px(20))
        self.column.addLayout(self._top(level))
        grid, texts = QGridLayout(), reasons()
        columns = 1 if scale.portrait else 2
        grid.setSpacing(max(10, scale.px(18)))
        self._reasons = [Reason(code, texts[code], scale) for code in CODES[level]]
        for place, reason in enumerate(self._reasons):
            reason.setChecked(reason.property("code") in ticked)
            reason.toggled.connect(self.touched)
            grid.addWidget(reason, *divmod(place, columns))
        for side in range(columns):
            grid.setColumnStretch(side, 1)
        self.column.addLayout(grid, 1)
        row = QHBoxLayout()
        row.setSpacing(scale.px(24))
        back = plain_button("back", tr("返回重选"), scale, pixels=44)
        back.clicked.connect(self.back_requested)
        done = plain_button("submit", tr("提交评价"), scale, filled=True, pixels=52)
        done.clicked.connect(self._on_done_clicked)
        for button, share in ((back, 1), (done, 2)):
            button.setMinimumHeight(scale.touch(120))
            row.addWidget(button, share)
        self.column.addLayout(row)

    def ticked(self) -> tuple[str, ...]:
        return tuple(reason.property("code") for reason in self._reasons if reason.isChecked())

    def show_left(self, seconds: int) -> None:
        """For the last seconds, what becomes of whoever only reads on."""
        self._hint.setText(tr("%1 秒后自动提交，点一下屏幕可以继续选", seconds) if seconds <= TOLD_SECONDS else
                           tr("原因可选一项或多项，也可不选"))

    def _top(self, level: Level) -> QBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.scale.px(28))
        face = Face(level, self.scale.px(110))
        face.setFixedSize(self.scale.px(110), self.scale.px(110))
        chosen = words(tr("您选择了：%1", tr(LEVELS[level])), self.scale, 64, bold=True)
        chosen.setObjectName("chosen")
        row.addWidget(face)
        row.addWidget(chosen, 1)
        self._hint = words("", self.scale, 44, ink=theme.QUIET)
        self._hint.setObjectName("hint")
        self.show_left(TOLD_SECONDS + 1)
        if not self.scale.portrait:
            self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            row.addWidget(self._hint, 1)
            return row
        column = QVBoxLayout()
        column.addLayout(row)
        column.addWidget(self._hint)
        return column

    def _on_done_clicked(self) -> None:
        self.submitted.emit(self.ticked())


class ThanksPage(Page):
    """``remark`` says what becomes of the answer."""

    def __init__(self, scale: Scale, thanks: str, remark: str) -> None:
        super().__init__(scale, "")
        self.remark = remark
        self.column.addStretch(2)
        face = Face(Level.SATISFIED, scale.px(240))
        face.setFixedHeight(scale.px(280))
        self.column.addWidget(face)
        self.column.addSpacing(scale.px(20))
        self.column.addWidget(_middle(words(thanks, scale, 96, bold=True), "thanks"))
        self.column.addWidget(_middle(words(remark, scale, 48, ink=theme.QUIET), "remark"))
        self.column.addStretch(3)


def _middle(line: QWidget, name: str) -> QWidget:
    line.setObjectName(name)
    line.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return line
