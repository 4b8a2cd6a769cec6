"""What the supervisor's pages have in common, and the two that only show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from hallapp.documents.wording import LEVELS
from hallapp.domain.catalogue import Catalogue
from hallapp.domain.figures import DayFigures
from hallapp.domain.rating import RatingFigures
from hallapp.services.board import Board, WindowState
from hallapp.services.ratings import BadRating
from hallapp.ui import theme
from hallapp.ui.rating_words import reasons
from hallapp.ui.widgets.parts import Card, label
from hallapp.ui.widgets.room import Room
from hallapp.ui.window_words import own_name
from hallapp.ui.words import MODES, minutes_text, span_text, tr

PADDING, GAP = 32, 12  # px around the words of a cell
WINDOW_STATES = {
    WindowState.CLOSED: "未开放", WindowState.FREE: "空闲", WindowState.CALLING: "正在呼叫",
    WindowState.SERVING: "办理中", WindowState.PAUSED: "暂停服务",
}


class Page(QWidget):
    """A page with a title; ``card`` takes the content."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.card = Card(margins=24, spacing=14)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(self.card)
        self.card.column.addWidget(label(title, 26, bold=True))

    def take_focus(self) -> None:
        """Where the first key is expected, if the page has such a place."""

    def set_room(self, room: Room) -> None:
        """Less air on a small screen."""
        margin, spacing = (8, 6) if room is Room.TIGHT else (24, 14)
        self.card.column.setContentsMargins(margin, margin, margin, margin)
        self.card.column.setSpacing(spacing)


def table(name: str, head: Sequence[str], stretched: int, choosing: bool = True) -> QTableWidget:
    """A table of whole rows; column ``stretched`` takes the space that is left. Without ``choosing`` it only shows."""
    made = QTableWidget(0, len(head))
    made.setObjectName(name)
    made.setHorizontalHeaderLabels(list(head))
    made.verticalHeader().hide()
    made.verticalHeader().setDefaultSectionSize(44)
    made.setShowGrid(False)
    made.setTabKeyNavigation(False)  # Tab leads on to the fields below
    made.horizontalHeader().setHighlightSections(False)
    made.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    if not choosing:
        made.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    made.horizontalHeader().setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
    return made


class Wrapped(QStyledItemDelegate):
    """As high as all of its words, which Qt would reckon without the style sheet's padding."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        self.initStyleOption(option, index)
        room = QRect(0, 0, self.parent().columnWidth(index.column()) - PADDING, 0)
        words = option.fontMetrics.boundingRect(room, Qt.TextFlag.TextWordWrap, option.text)
        return QSize(words.width(), words.height() + GAP)


def wrap(made: QTableWidget, column: int) -> None:
    """Words of this column go on in another line, and rows are as high as they need."""
    made.setItemDelegateForColumn(column, Wrapped(made))
    made.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    made.verticalHeader().setMinimumSectionSize(44)
    made.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)  # a row may be higher than the table


def fill(made: QTableWidget, rows: Sequence[Sequence[str]], first: bool = False) -> None:
    """New rows, each known by its first column. The choice stays with its row wherever that went, and being refreshed
    is no choosing: what is being typed elsewhere stands. ``first``: without a choice it is the first row."""
    at = made.currentRow()
    chosen = made.item(at, 0).text() if at >= 0 else None
    made.blockSignals(True)
    made.setRowCount(len(rows))
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            made.setItem(place, column, QTableWidgetItem(text))
    places = [place for place, row in enumerate(rows) if row[0] == chosen]
    if places or (first and rows):
        made.selectRow(places[0] if places else 0)
    else:
        made.setCurrentCell(-1, -1)
    made.blockSignals(False)


class TodayPage(Page):
    """The day so far."""

    def __init__(self) -> None:
        super().__init__(tr("今日情况"))
        grid = self._grid = QGridLayout()
        self._boxes: list[Card] = []
        self._figures = {}
        self._tight = False
        names = (("visits", tr("办理人次")), ("cases", tr("办件量")), ("mean", tr("即时件平均办理时长")),
                 ("waiting", tr("正在等候")), ("wait", tr("平均等候")), ("missed", tr("过号与弃号")))
        for place, (name, text) in enumerate(names):
            box = Card(spacing=4)
            self._boxes.append(box)
            figure, remark = label("—", 38, bold=True), label("", 16, look="quiet", wrap=True)
            figure.setObjectName(f"today-{name}")
            for part in (label(text, 16, look="quiet"), figure, remark):
                box.column.addWidget(part)
            grid.addWidget(box, place // 3, place % 3)
            self._figures[name] = figure, remark
        self.card.column.addLayout(grid)
        self.windows = table("today-windows", (tr("窗口"), tr("状态"), tr("号码"), tr("说明")), 3, choosing=False)
        wrap(self.windows, 3)
        self.ratings = label("", 18, bold=True, wrap=True)
        self.ratings.setObjectName("today-ratings")
        head = (tr("时间"), tr("窗口"), tr("号码"), tr("工号"), tr("评价和原因"))
        self.bad = table("today-bad", head, 4, choosing=False)
        wrap(self.bad, 4)  # all reasons can be read
        self.card.column.addWidget(self.ratings)
        row = QHBoxLayout()
        row.setSpacing(16)
        for made, share in ((self.windows, 2), (self.bad, 3)):
            row.addWidget(made, share)
        self.card.column.addLayout(row, 1)
        for part in (self.ratings, self.bad):
            part.hide()

    def set_room(self, room: Room) -> None:
        super().set_room(room)
        gap, across, down, pixels = (16, 18, 18, 38) if room is Room.WIDE else (8, 14, 4, 28)
        self._grid.setSpacing(gap)
        for box in self._boxes:
            box.column.setContentsMargins(across, down, across, down)
            box.column.setSpacing(gap // 4)
        for figure, _remark in self._figures.values():
            theme.tint(figure, figure.palette().windowText().color().name(), pixels)
        self._tight = room is Room.TIGHT
        self._make_room()

    def _make_room(self) -> None:
        """Beside bad ratings a small screen has no room for what the windows are called."""
        bare = self._tight and not self.bad.isHidden()
        self.windows.setColumnHidden(3, bare)
        self.windows.horizontalHeader().setStretchLastSection(bare)

    def show_bad(self, bad: Sequence[BadRating], zone: tzinfo) -> None:
        """Who is to be called back: today's 差评, at hall time."""
        self.bad.setVisible(bool(bad))
        self._make_room()
        fill(self.bad, [
            (f"{one.rating.at.astimezone(zone):%H:%M}", tr("%1 号", one.rating.window), one.number or tr("无号"),
             one.rating.staff, "：".join(filter(None, (
                 tr(LEVELS[one.rating.level]), "、".join(reasons().get(code, code) for code in one.rating.reasons)))))
            for one in bad
        ])

    def show_day(self, day: DayFigures, board: Board, by_caller: frozenset[int] = frozenset()) -> None:
        """``by_caller``: windows whose clerk signed in with a key of a hardware caller, without a password."""
        waiting = sum(board.waiting.values())
        self._set("visits", str(day.visits), tr("取号 %1，无号接待 %2", day.issued, day.walk_ins))
        self._set("cases", str(day.handling.cases), tr("一次性告知 %1 份", sum(day.notices.values())))
        self._show_verdict(day)
        self._set("waiting", tr("%1 人", waiting), tr("最长%1", minutes_text(board.longest)) if board.longest else "")
        self._set("wait", span_text(day.waiting.mean) if day.waiting else "—",
                  tr("最长 %1", span_text(day.waiting.longest)) if day.waiting else "")
        self._set("missed", str(day.missed + day.abandoned), tr("过号 %1，弃号 %2", day.missed, day.abandoned))
        fill(self.windows, [
            (tr("%1 号", line.window), tr(WINDOW_STATES[line.state]), line.number or "—",
             "　".join(part for part in (
                 line.pause_reason or own_name(line.window, line.label),
                 tr("由呼叫器登录") if line.window in by_caller else "") if part))
            for line in board.windows
        ])

        self._show_ratings(day.ratings)

    def _show_verdict(self, day: DayFigures) -> None:
        """What the county asks for: the mean, the verdict over it, and on how many cases both rest."""
        found, met = day.immediate, day.meets_target
        figure, remark = self._figures["mean"]
        ink = {None: theme.QUIET, True: theme.GOOD, False: theme.OVER}[met]
        if found.times is None:
            self._set("mean", "—", tr("今日还没有即时件"))
        else:
            self._set("mean", span_text(found.times.mean), tr(
                "%1，%2 件中 %3 件超过 %4 分钟", tr("✓ 达标") if met else tr("■ 未达标"), found.times.n, found.over,
                f"{day.target / 60:g}"))
        theme.tint(figure, theme.INK if met is None else ink)
        theme.tint(remark, ink, 16)

    def _show_ratings(self, found: RatingFigures) -> None:
        """One line, once anybody was asked; 差评 also by a sign."""
        self.ratings.setVisible(bool(found.asked))
        share = "—" if found.satisfied_share is None else f"{found.satisfied_share:.1%}"
        words = tr("服务评价：请评价 %1 人次，已评价 %2，未评价 %3，满意率 %4",
                   found.asked, found.rated, found.not_rated, share)
        self.ratings.setText(words + (tr("　■ 差评 %1 件，请跟进", found.bad) if found.bad else tr("，没有差评")))
        theme.tint(self.ratings, theme.OVER if found.bad else theme.INK, 18)

    def _set(self, name: str, figure: str, remark: str) -> None:
        self._figures[name][0].setText(figure)
        self._figures[name][1].setText(remark)


class CataloguePage(Page):
    """The hall's items, to read; hall.toml changes them."""

    def __init__(self, catalogue: Catalogue, settings: str) -> None:
        """``settings``: where hall.toml lies."""
        super().__init__(tr("事项目录"))
        self.card.column.addWidget(label(catalogue.title, 18, bold=True, wrap=True))
        self.card.column.addWidget(label(f"▲ {catalogue.confirm}", 16, wrap=True))
        how = tr("选南通 19 项还是省级 13 项：在“本厅设置”里。只办其中哪些（[items] 的 only）、哪一项怎样办"
                 "（[items.modes]）：用记事本改 %1，保存后关闭程序再打开。", settings)
        told = label(how, 16, look="quiet", wrap=True)
        told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.card.column.addWidget(told)
        head = (tr("序号"), tr("事项"), tr("方式"), tr("即时"), tr("可取号"), tr("材料"), tr("时限"))
        self.items = table("catalogue", head, 1, choosing=False)
        self.items.horizontalHeader().setSectionResizeMode(6, QHeaderView.ResizeMode.Stretch)
        for column in (1, 6):
            wrap(self.items, column)
        listed = {item.code for group in catalogue.groups for item in catalogue.items_of(group)}
        fill(self.items, [
            (str(item.seq), item.name, tr(MODES[item.mode]), tr("是") if item.immediate else tr("否"),
             tr("是") if item.code in listed else "—", str(len(item.materials)), item.limit_text)
            for item in catalogue.items
        ])
        self.card.column.addWidget(self.items, 1)
