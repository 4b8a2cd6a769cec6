"""The board's lists: the windows, who waits, and the calls just made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame

from hallapp.ui import theme
from hallapp.ui.board.text import Panel, Text

LIST = 48  # the smallest type that is read from 8 m (30 mm on a 55-inch screen)
RECENT = 4


def type_of(rows: int) -> int:
    """Pixels of a list's text: fewer rows are set larger."""
    return 58 if rows <= 3 else 54 if rows == 4 else LIST if rows <= 6 else LIST * 6 // rows


class WindowRow(Panel):
    """One window: its number, the ticket there, and its state as sign and word."""

    def __init__(self, number: int, label: str, pixels: int, last: bool) -> None:
        super().__init__(f"window-{number}", row=True, margins=(28, 0), spacing=16)
        self._rule = "" if last else theme.BOARD_LINE
        # a window's own name follows its number, unless it says the number itself
        own = label.startswith(str(number))
        self._name = Text(pixels, theme.PAPER, bold=True)
        self._name.set_words(label if own else self.tr("{0}号{1}").format(number, label or self.tr("窗口")))
        self._ticket = Text(pixels * 9 // 8, theme.PAPER, bold=True)
        self._ticket.setObjectName(f"window-{number}-number")
        self._state = Text(pixels, theme.PAPER)
        self._state.setObjectName(f"window-{number}-state")
        for part, share in ((self._name, 29), (self._ticket, 17), (self._state, 49)):
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
        self._state.set_words(f"{sign} {word}" + (f"  {reason}" if reason else ""))
        if calling:
            self.set_ground(theme.PAPER, 10)
        else:
            self.set_ground("transparent", 0, self._rule)


class WindowList(Panel):
    """All windows of the hall."""

    def __init__(self) -> None:
        super().__init__("windows", margins=(12, 10), spacing=4)
        self.set_ground(theme.BOARD_PANEL)
        self._rows: dict[int, WindowRow] = {}

    def set_windows(self, windows: Sequence[tuple[int, str]]) -> None:
        """Numbers and labels."""
        for place, (number, label) in enumerate(windows, 1):
            self._rows[number] = WindowRow(number, label, type_of(len(windows)), place == len(windows))
            self.box.addWidget(self._rows[number], 1)

    def show_window(self, number: int, state: str, ticket: str, reason: str) -> None:
        self._rows[number].show_state(state, ticket, reason)


class WaitingCard(Panel):
    """How many wait, for how long, and for what."""

    def __init__(self) -> None:
        super().__init__("waiting", margins=(32, 10))
        self.set_ground(theme.BOARD_PANEL)
        self._counts: dict[str, Text] = {}
        self._total = Text(LIST, theme.PAPER, bold=True)
        self._total.setObjectName("waiting-total")
        self._longest = Text(LIST, theme.BOARD_WARM, right=True)
        self._longest.setObjectName("waiting-longest")
        self._add_row("waiting-head", self._total, self._longest, 46)

    def set_groups(self, groups: Sequence[tuple[str, str]]) -> None:
        """Codes and names."""
        for code, words in groups:
            pixels = min(LIST, type_of(len(groups)))
            name = Text(pixels, theme.PAPER)
            name.set_words(words)
            self._counts[code] = Text(pixels, theme.PAPER, bold=True, right=True)
            self._counts[code].setObjectName(f"group-{code}-count")
            self._add_row(f"group-{code}", name, self._counts[code], 78)

    def show_waiting(self, counts: dict[str, int], longest_minutes: int | None) -> None:
        """``counts`` by group; ``None`` if nobody waits."""
        self._total.set_words(self.tr("等候 {0} 人").format(sum(counts.values())))
        self._longest.set_words(
            "" if longest_minutes is None else self.tr("最长 {0} 分钟").format(max(1, longest_minutes)))
        for code, part in self._counts.items():
            part.set_words(str(counts.get(code, 0)))
            part.set_colour(theme.PAPER if counts.get(code) else theme.BOARD_QUIET)

    def _add_row(self, name: str, left: Text, right: Text, share: int) -> None:
        row = Panel(name, row=True, margins=(0, 0), spacing=12)
        row.set_ground("transparent", 0, "" if self.box.count() else theme.BOARD_LINE)
        row.box.addWidget(left, share)
        row.box.addWidget(right, 100 - share)
        self.box.addWidget(row, 1)


class RecentStrip(Panel):
    """The calls before the one on show, newest first."""

    def __init__(self) -> None:
        super().__init__("recent", row=True, margins=(28, 0), spacing=14)
        self.set_ground(theme.BOARD_PANEL)
        head = Text(LIST, theme.BOARD_QUIET)
        head.set_words(self.tr("刚刚叫过"))
        self.box.addWidget(head, 196)
        self._cells: list[tuple[Text, Text]] = []
        for place in range(1, RECENT + 1):
            self.box.addWidget(_bar())
            number, window = Text(52, theme.PAPER, bold=True), Text(LIST, theme.BOARD_QUIET)
            number.setObjectName(f"recent-{place}")
            window.setObjectName(f"recent-{place}-window")
            self.box.addWidget(number, 146)
            self.box.addWidget(window, 204)
            self._cells.append((number, window))

    def show_recent(self, calls: Sequence[tuple[str, int]]) -> None:
        """Numbers and windows, as many as there is room for."""
        shown = [*calls, *[("", 0)] * RECENT][:RECENT]
        for (number, window), (ticket, place) in zip(self._cells, shown, strict=True):
            number.set_words(ticket)
            window.set_words(self.tr("{0}号窗口").format(place) if ticket else "")


def _bar() -> QFrame:
    line = QFrame()
    line.setFixedWidth(2)
    line.setStyleSheet(f"background: {theme.BOARD_LINE}; border: none;")
    return line
