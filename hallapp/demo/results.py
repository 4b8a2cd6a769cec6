"""What the demo leaves behind: report, slips, pictures, and figures checked against the event log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import fmean

from PySide6.QtWidgets import QWidget

from drivers.screen import render
from hallapp.demo.stage import Stage
from hallapp.documents.fonts import font_file
from hallapp.domain.events import HallEvent, Kind
from hallapp.domain.figures import DayFigures
from hallapp.domain.printing import SlipKind
from hallapp.services import printing, reports
from hallapp.services.files import save_file
from hallapp.services.hall import Hall, look
from hallapp.store import log
from hallapp.ui.rater.pages import AskPage, ReasonsPage
from hallapp.ui.words import span_text, tr


class Pictures:
    """Takes pictures of every window at busy moments."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._stage, self._folder = stage, folder
        self._most = self._most_at_call = -1
        self.files: list[Path] = []
        folder.mkdir(parents=True, exist_ok=True)

    def look(self) -> None:
        """Called after each act: all windows when more wait than ever, each rare sight when it is first there."""
        stage = self._stage
        desks = {number: stage.desk(number) for number in stage.counters if stage.signed_in(number)}
        busy = [number for number, desk in desks.items() if desk.items]
        waiting = max((len(desk.waiting) for desk in desks.values()), default=0)
        if busy and waiting > self._most:
            self._most = waiting
            for name, window in (("kiosk", stage.kiosk), ("board", stage.board), ("counter", stage.counters[busy[0]]),
                                 ("supervisor", stage.supervisor)):
                self._take(f"busy-{name}", window, again=True)
        if stage.board.findChild(QWidget, "now-panel").calling and waiting > self._most_at_call:
            self._most_at_call = waiting
            self._take("board-calling", stage.board, again=True)
        for number, desk in desks.items():
            if len(desk.items) > 1:
                self._take("counter-two-items", stage.counters[number])
            if desk.call is not None:
                self._take("counter-called", stage.counters[number])
        for rater in stage.raters.values():
            if isinstance(rater.page, AskPage):
                self._take("rater-asking", rater)
            elif isinstance(rater.page, ReasonsPage) and rater.page.ticked():
                self._take("rater-reasons", rater)
        if stage.kiosk.trouble():
            self._take("kiosk-no-paper", stage.kiosk)

    def take_pages(self) -> None:
        """The kiosk's pages and the large type, the supervisor's pages, once."""
        stage = self._stage
        for page, name in ((2, "report"), (5, "devices"), (1, "day")):
            stage.click(f"page-{page}", stage.supervisor)
            self._take(f"supervisor-{name}", stage.supervisor)
        for clicks, name in ((("priority",), "kiosk-large-type"), (("group-claim",), "kiosk-items"),
                             (("group-claim", "item-NT13"), "kiosk-materials")):
            for one in clicks:
                stage.click(one, stage.kiosk)
            self._take(name, stage.kiosk)
            stage.click("priority" if name.endswith("type") else "home", stage.kiosk)

    def _take(self, name: str, window: QWidget, *, again: bool = False) -> None:
        file = self._folder / f"{name}.png"
        if again or file not in self.files:
            self._stage.grab(window).save(str(file))
            self.files = [*(one for one in self.files if one != file), file]


def write_results(stage: Stage, folder: Path, day: date, pictures: Pictures) -> dict[str, object]:
    """The report, one slip of each kind as bytes and picture, the pictures; what was written where."""
    pictures.take_pages()
    report = save_file(reports.report_pdf(stage.hall, day), folder / f"report-{day}.pdf")
    slips = _slips(stage, folder / "slips")
    return {"report": report, "slips": slips, "pictures": pictures.files, "store": folder / "hall.db",
            "sounds": len(stage.sound.wavs)}


def _slips(stage: Stage, folder: Path) -> list[Path]:
    """The first slip of each kind that came out of the printer, and a copy and a test page besides."""
    folder.mkdir(parents=True, exist_ok=True)
    by, hall = stage.by, stage.hall
    tickets = reports.records(hall, hall.today()).tickets
    printing.reprint(hall, by, SlipKind.TICKET, tickets[0].id, "kiosk")
    printing.reprint(hall, by, SlipKind.TEST, 0, "kiosk")
    stage.settle()
    profile = stage.profile
    files: list[Path] = []
    marks = {"ticket": "您的号码", "ticket-priority": "【优先】", "ticket-materials": "请准备好以下材料",
             "ticket-copy": "您的号码（补打）", "notice": "一次性告知单",
             "appointment": "预约单", "test": "打印测试页"}
    for name, mark in marks.items():
        slip = next((one for one in stage.printer.slips if mark.encode("gb18030") in one), None)
        if slip is None:
            continue
        raw, picture = folder / f"{name}.bin", folder / f"{name}.png"
        raw.write_bytes(slip)
        render(slip, profile, font_file())[0].save(picture)
        files += [raw, picture]
    return files


def check_figures(hall: Hall, day: date) -> tuple[DayFigures, list[str]]:
    """The report's figures, and where they disagree with what the event log tells by itself: nowhere."""
    figures = reports.figures(hall, day)
    with look(hall) as db:
        events = log.events_of_day(db, hall.id, day)
        broken = list(log.broken_links(db, hall.id))
    told = _told(events)
    found = {
        "issued": figures.issued, "visits": figures.visits, "cases": figures.handling.cases,
        "notices": sum(figures.notices.values()), "missed": figures.missed, "recalls": figures.recalls,
        "mean wait": figures.waiting and round(figures.waiting.mean, 3),
        "mean way": figures.way and round(figures.way.mean, 3),
        "asked": figures.ratings.asked, "rated": figures.ratings.rated, "bad": figures.ratings.bad,
    }
    wrong = [f"{name}: {found[name]} != {told[name]}" for name in found if found[name] != told[name]]
    return figures, wrong + [f"hash of event {seq}" for seq in broken]


def _told(events: Iterable[HallEvent]) -> dict[str, object]:
    """The same figures from the events alone; an undone event counts for nothing."""
    events = tuple(events)
    undone = {event.data["of"] for event in events if event.kind is Kind.UNDONE}
    stand = [event for event in events if event.seq not in undone]
    quantity: dict[int, int] = {}
    cases, waits, ways = 0, list[float](), list[float]()
    issued_at: dict[int, datetime] = {}
    called_at: dict[int, datetime] = {}
    for event in stand:
        if event.kind in (Kind.ITEM_STARTED, Kind.ITEM_CHANGED):
            quantity[event.data["item"]] = event.data["quantity"]
        elif event.kind is Kind.ITEM_FINISHED or event.data.get("situation"):
            cases += quantity[event.data["item"]]
        elif event.kind is Kind.ISSUED and event.ticket_id is not None:
            issued_at[event.ticket_id] = event.at
        elif event.kind is Kind.CALLED and event.ticket_id is not None:
            if event.ticket_id in issued_at:
                waits.append((event.at - issued_at.pop(event.ticket_id)).total_seconds())
            called_at[event.ticket_id] = event.at
        elif event.kind is Kind.ARRIVED and event.ticket_id is not None:
            ways.append((event.at - called_at.pop(event.ticket_id)).total_seconds())
    levels = {event.visit_id: event.data["level"] for event in stand if event.kind in (Kind.RATED, Kind.NOT_RATED)}
    rated = [level for level in levels.values() if level is not None]
    count = {kind: sum(event.kind is kind for event in stand) for kind in Kind}
    closed = {event.visit_id for event in stand if event.kind is Kind.FINISHED and _closes(event)}
    return {
        "issued": count[Kind.ISSUED], "visits": len(closed), "cases": cases, "notices": count[Kind.NOTICE_GIVEN],
        "missed": count[Kind.MISSED], "recalls": count[Kind.RECALLED],
        "mean wait": round(fmean(waits), 3) if waits else None, "mean way": round(fmean(ways), 3) if ways else None,
        "asked": len(levels), "rated": len(rated), "bad": sum(level <= 2 for level in rated),
    }


def _closes(event: HallEvent) -> bool:
    return any(change[0] == "visit" and (change[3] or {}).get("state") == "closed" for change in event.changes)


def print_figures(checked: tuple[DayFigures, list[str]], results: dict[str, object], seconds: float) -> None:
    """The day in a few lines, and where everything lies. Raises SystemExit if the figures disagree."""
    figures, wrong = checked
    mean = figures.immediate.times
    print(tr("人次 %1（取号 %2，无号 %3）　件数 %4　一次性告知 %5", figures.visits, figures.issued, figures.walk_ins,
             figures.handling.cases, sum(figures.notices.values())))
    if mean is not None:
        verdict = tr("达标") if figures.meets_target else tr("未达标")
        print(tr("即时件 %1 件，平均 %2，%3；超过 %5 分钟 %4 件", mean.n, span_text(mean.mean), verdict,
                 figures.immediate.over, f"{figures.target / 60:g}"))
    if figures.waiting is not None and figures.way is not None:
        print(tr("平均等候 %1，最长 %2；平均到窗 %3", span_text(figures.waiting.mean),
                 span_text(figures.waiting.longest), span_text(figures.way.mean)))
    print(tr("过号 %1，返回 %2，弃号 %3，重呼 %4，语音播报 %5 次", figures.missed, figures.returned, figures.abandoned,
             figures.recalls, results["sounds"]))
    asked = figures.ratings
    if asked.satisfied_share is not None:
        print(tr("服务评价：请评价 %1 人次，已评价 %2，满意率 %3，差评 %4", asked.asked, asked.rated,
                 f"{asked.satisfied_share:.1%}", asked.bad))
    print(tr("日报表　%1", results["report"]))
    for name, files in (("小票", results["slips"]), ("窗口图片", results["pictures"])):
        for file in files:
            print(f"{name}　{file}")
    print(tr("数据　%1", results["store"]))
    print(tr("用时 %1", timedelta(seconds=round(seconds))))
    if wrong:
        raise SystemExit(tr("与事件日志不一致：%1", "; ".join(wrong)))
    print(tr("以上数字已与事件日志核对一致，日志哈希链完整。"))
