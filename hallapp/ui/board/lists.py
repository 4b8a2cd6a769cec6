"""The board's lists: the windows, who waits, and the calls just made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame

from hallapp.ui import theme
from hallapp.ui.board.text import Panel, Text
from hallapp.ui.window_words import own_name

LIST = 48  # the smallest type that is read from 8 m (30 mm on a 55-inch screen)
RECENT = 4


ROWS = 6  # of the smallest type; more windows than that stand in two columns
REST = ""  # no business has this code


def type_of(rows: int) -> int:
    """Pixels of a list's text: fewer rows are set larger."""
    return {1: 70, 2: 64, 3: 58, 4: 54}.get(rows, LIST if rows <= ROWS else LIST * ROWS // rows)


class WindowRow(Panel):
    """One window: its number, the ticket there, and its state as sign and word. ``narrow``: one of two columns has no
    room for a window's own name and the reason of a pause."""

    def __init__(self, number: int, label: str, pixels: int, *, last: bool, narrow: bool) -> None:
        super().__init__(f"window-{number}", row=True, margins=(16 if narrow else 28, 0), spacing=10 if narrow else 24)
        self._rule, self._narrow = "" if last else theme.BOARD_LINE, narrow
        self._name = Text(pixels, theme.PAPER, bold=True)
        self._name.set_words(self.tr("{0}号").format(number) if narrow else
                             self.tr("{0}号{1}").format(number, own_name(number, label) or self.tr("窗口")))
        self._ticket = Text(pixels if narrow else pixels * 9 // 8, theme.PAPER, bold=True)
        self._ticket.setObjectName(f"window-{number}-number")
        self._state = Text(pixels, theme.PAPER)
        self._state.setObjectName(f"window-{number}-state")
        shares = (21, 32, 51) if narrow else (29, 17, 49)
        for part, share in zip((self._name, self._ticket, self._state), shares, strict=True):
            self.box.addWidget(part, share)
        self.show_state("closed", "", "")

    def show_state(self, state: str, ticket: str, reason: str) -> None:
        """``state`` is a value of services.board.WindowState."""
        sign, word, ink = {
            "closed": ("—", self.tr("未开放"), theme.BOARD_QUIET),
            "free": ("○", self.tr("空闲"), theme.BOARD_FREE),
            "calling": ("▶", self.tr("请到窗口"), theme.CALL),
            "serving": ("●", self.tr("办理中"), theme.PAPER),
            "paused": ("■", self.tr("暂停服务"), theme.BOARD_WARM),
        }[state]
        calling = state == "calling"
        self._name.set_colour(theme.CALL if calling else theme.BOARD_QUIET if state == "closed" else theme.PAPER)
        self._ticket.set_colour(theme.ACCENT if calling else theme.PAPER)
        self._ticket.set_words(ticket)
        self._state.set_colour(ink)
        self._state.set_words(f"{sign} {word}" + (f"  {reason}" if reason and not self._narrow else ""))
        if calling:
            self.set_ground(theme.PAPER, 10)
        else:
            self.set_ground("transparent", 0, self._rule)


class WindowList(Panel):
    """All windows of the hall."""

    def __init__(self) -> None:
        super().__init__("windows", row=True, margins=(12, 10), spacing=24)
        self.set_ground(theme.BOARD_PANEL)
        self._rows: dict[int, WindowRow] = {}

    def set_windows(self, windows: Sequence[tuple[int, str]]) -> None:
        """Numbers and labels."""
        narrow = len(windows) > ROWS
        rows = -(-len(windows) // 2) if narrow else len(windows)
        for start in range(0, len(windows), max(1, rows)):
            column = Panel(f"windows-{start}", margins=(0, 0), spacing=4)
            for place, (number, label) in enumerate(windows[start : start + rows], 1):
                self._rows[number] = WindowRow(number, label, type_of(rows), last=place == rows, narrow=narrow)
                column.box.addWidget(self._rows[number], 1)
            for _free in range(rows - column.box.count()):
                column.box.addWidget(Panel("windows-free"), 1)  # keeps the others as high as those beside them
            self.box.addWidget(column, 1)

    def show_window(self, number: int, state: str, ticket: str, reason: str) -> None:
        self._rows[number].show_state(state, ticket, reason)


class WaitingCard(Panel):
    """How many wait, for how long, and for what."""

    def __init__(self) -> None:
        super().__init__("waiting", margins=(24, 10))
        self.set_ground(theme.BOARD_PANEL)
        self._counts: dict[str, Text] = {}
        self._total = Text(LIST, theme.PAPER, bold=True)
        self._total.setObjectName("waiting-total")
        self._longest = Text(LIST, theme.BOARD_WARM, right=True)
        self._longest.setObjectName("waiting-longest")
        self._add_row("waiting-head", self._total, self._longest, 46)

    def set_groups(self, groups: Sequence[tuple[str, str]]) -> None:
        """Codes and names. Those that do not fit at a size that can be read are counted together in the last row."""
        own = groups if len(groups) <= ROWS else groups[: ROWS - 1]
        rows = [*own, *([(REST, self.tr("其他业务"))] if len(groups) > ROWS else [])]
        for code, words in rows:
            name = Text(LIST, theme.PAPER)
            name.set_words(words)
            self._counts[code] = Text(LIST, theme.PAPER, bold=True, right=True)
            self._counts[code].setObjectName(f"group-{code}-count")
            self._add_row(f"group-{code}", name, self._counts[code], 78)

    def show_waiting(self, counts: dict[str, int], longest_minutes: int | None) -> None:
        """``counts`` by group; ``None`` if nobody waits."""
        self._total.set_words(self.tr("等候 {0} 人").format(sum(counts.values())))
        self._longest.set_words(
            "" if longest_minutes is None else self.tr("最长 {0} 分钟").format(max(1, longest_minutes)))
        shown = {**counts, REST: sum(count for code, count in counts.items() if code not in self._counts)}
        for code, part in self._counts.items():
            part.set_words(str(shown.get(code, 0)))
            part.set_colour(theme.PAPER if shown.get(code) else theme.BOARD_QUIET)

    def _add_row(self, name: str, left: Text, right: Text, share: int) -> None:
        row = Panel(name, row=True, margins=(0, 0), spacing=12)
        row.set_ground("transparent", 0, "" if self.box.count() else theme.BOARD_LINE)
        row.box.addWidget(left, share)
        row.box.addWidget(right, 100 - share)
        self.box.addWidget(row, 1)


class RecentStrip(Panel):
    """The calls before the one on show, newest first."""

    def __init__(self) -> None:
        super().__init__("recent", row=True, margins=(20, 0), spacing=10)
        self.set_ground(theme.BOARD_PANEL)
        head = Text(LIST, theme.BOARD_QUIET)
        head.set_words(self.tr("刚刚叫过"))
        self.box.addWidget(head, 196)
        self._cells: list[tuple[QFrame, Text, Text]] = []
        for place in range(1, RECENT + 1):
            bar, number, window = _bar(), Text(50, theme.PAPER, bold=True), Text(LIST, theme.BOARD_QUIET)
            number.setObjectName(f"recent-{place}")
            window.setObjectName(f"recent-{place}-window")
            for part, share in ((bar, 0), (number, 169), (window, 200)):
                self.box.addWidget(part, share)
            self._cells.append((bar, number, window))

    def set_places(self, places: int) -> None:
        """How many calls there is room for."""
        for place, cell in enumerate(self._cells):
            for part in cell[1:]:
                part.setVisible(place < places)

    def show_recent(self, calls: Sequence[tuple[str, int]]) -> None:
        """Numbers and windows, as many as there is room for."""
        shown = [*calls, *[("", 0)] * RECENT][:RECENT]
        for (bar, number, window), (ticket, place) in zip(self._cells, shown, strict=True):
            bar.setVisible(bool(ticket))
            number.set_words(ticket)
            window.set_words(self.tr("{0}号窗口").format(place) if ticket else "")


def _bar() -> QFrame:
    line = QFrame()
    line.setFixedWidth(2)
    policy = line.sizePolicy()
    policy.setRetainSizeWhenHidden(True)  # nothing moves
    line.setSizePolicy(policy)
    line.setStyleSheet(f"background: {theme.BOARD_LINE}; border: none;")
    return line
