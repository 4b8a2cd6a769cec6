"""The daily throughput report (日办件量报表), A4."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from math import ceil
from typing import Any

from hallapp.documents.fonts import REGULAR, register
from hallapp.documents.report_ratings import ratings_section
from hallapp.documents.wording import OUTCOMES, SITUATIONS, WEEKDAYS, moment
from hallapp.domain.catalogue import Catalogue
from hallapp.domain.figures import DayFigures, Handling, Spread
from hallapp.domain.rules import HallInfo, Rules
from hallapp.domain.staff import Staff

NONE = "—"


def daily_report(
    figures: DayFigures, hall: HallInfo, catalogue: Catalogue, staff: Mapping[str, Staff], rules: Rules,
    printed_at: datetime,
) -> bytes:
    """The report as PDF. The same values give the same bytes."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    register()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=18 * mm - 6, rightMargin=18 * mm - 6, topMargin=16 * mm, bottomMargin=18 * mm,
        title=f"日办件量报表 {figures.day}", author=hall.name, invariant=1, initialFontName=REGULAR,
    )
    story = [*_top(figures, hall), *(_body(figures, catalogue, staff) if _anything(figures) else _nothing()),
             *_definitions(figures, rules)]
    document.build(story, canvasmaker=_numbered(hall, moment(printed_at, rules.zone)))
    return out.getvalue()


def clock(seconds: float) -> str:
    """6分48秒; a begun second counts, so that no mean over ten minutes reads as ten."""
    whole = ceil(round(seconds, 3))
    return f"{whole // 60}分{whole % 60:02d}秒" if whole >= 60 else f"{whole}秒"


def verdict(figures: DayFigures) -> str:
    """The ten-minute verdict in words and a sign."""
    return {None: "无即时件", True: "✓ 达标", False: "× 未达标"}[figures.meets_target]


def _anything(figures: DayFigures) -> bool:
    return bool(figures.issued or figures.visits or figures.open_visits or figures.handling.cases)


def _top(figures: DayFigures, hall: HallInfo) -> list[Any]:
    from reportlab.platypus import Paragraph, Spacer

    from hallapp.documents.report_parts import SUB, TITLE, headline

    day = figures.day
    mean = figures.immediate.times
    return [
        Paragraph("日办件量报表", TITLE),
        Paragraph(f"{_safe(hall.name)}　{day.year}年{day.month}月{day.day}日　星期{WEEKDAYS[day.weekday()]}", SUB),
        Spacer(0, 10),
        headline([
            ("办理人次", f"{figures.visits} 人次", f"取号 {figures.issued} 张，无号 {figures.walk_ins} 人次"),
            ("办件量", f"{figures.handling.cases} 件", f"其中即时件 {figures.immediate.cases} 件"),
            ("即时件平均办理时长", clock(mean.mean) if mean else NONE,
             f"{verdict(figures)}（目标 ≤ {figures.target / 60:g} 分钟）"),
            ("平均等候", clock(figures.waiting.mean) if figures.waiting else NONE,
             f"最长 {clock(figures.waiting.longest)}" if figures.waiting else "当日无叫号"),
        ]),
    ]


def _nothing() -> list[Any]:
    from reportlab.platypus import Paragraph, Spacer

    from hallapp.documents.report_parts import TEXT

    return [Spacer(0, 24), Paragraph("本日没有取号、接待和办件记录。", TEXT), Spacer(0, 24)]


def _body(figures: DayFigures, catalogue: Catalogue, staff: Mapping[str, Staff]) -> list[Any]:
    from reportlab.platypus import KeepTogether, Paragraph

    from hallapp.documents.report_parts import HEAD, hour_chart

    return [
        KeepTogether([Paragraph("分时段", HEAD), *([hour_chart(figures.hours)] if figures.hours else []),
                      *_later(figures)]),
        *_verdict(figures),
        *_items(figures, catalogue),
        KeepTogether(_waiting(figures)),
        KeepTogether(_clerks(figures, staff)),
        KeepTogether(ratings_section(figures, partial(_named, staff))),
        KeepTogether(_notices(figures)),
    ]


def _later(figures: DayFigures) -> list[Any]:
    from reportlab.platypus import Paragraph, Spacer

    from hallapp.documents.report_parts import SMALL

    later = figures.handling.cases - sum(hour.cases for hour in figures.hours)
    return [Spacer(0, 4), Paragraph(f"另有 {later} 件不在当日结束，未计入图中。", SMALL)] if later else []


def _verdict(figures: DayFigures) -> list[Any]:
    from reportlab.platypus import KeepTogether, Paragraph

    from hallapp.documents.report_parts import HEAD, grid

    found = figures.immediate
    if found.times is None:
        return []
    row = [verdict(figures), str(found.times.n), *_times(found.times), f"{found.over} 件（{found.over_share:.0%}）",
           f"{found.void} 件"]
    head = ["结论", "计时件数", "平均", "中位数", "第90百分位", "最长", "超时", "计时无效"]
    table = grid(head, [row], (24, 18, 22, 22, 24, 22, 24, 18))
    return [KeepTogether([Paragraph("即时办理事项十分钟核验", HEAD), table])]


def _items(figures: DayFigures, catalogue: Catalogue) -> list[Any]:
    from reportlab.platypus import Paragraph, Spacer

    from hallapp.documents.report_parts import CELL, HEAD, SMALL, WORDS, bar, grid

    order = {item.code: place for place, item in enumerate(catalogue.items)}
    rows = []
    for one in sorted(figures.items, key=lambda each: order.get(each.code, len(order))):
        item = catalogue.find_item(one.code)
        name = f"{item.seq}. {item.name}" if item else one.code
        results = "、 ".join(f"{word}{one.outcomes[end]}" for end, word in OUTCOMES.items() if end in one.outcomes)
        times = one.handling.times
        rows.append([[Paragraph(_safe(name), CELL), Paragraph(results, WORDS)], str(one.handling.cases),
                     *(_times(times) if times else [NONE] * 4), bar(times.mean, figures.target) if times else NONE])
    rows.append(["<b>合计</b>", str(figures.handling.cases),
                 *(_times(figures.handling.times) if figures.handling.times else [NONE] * 4), ""])
    listed = {item.code for group in catalogue.groups for item in catalogue.items_of(group)}
    idle = len(listed - {one.code for one in figures.items})
    return [
        Paragraph("分事项办理量和办理时长", HEAD),
        grid(["事项（办理结果）", "件数", "平均", "中位数", "第90百分位", "最长", "平均与十分钟"], rows,
             (58, 12, 19, 19, 20, 19, 27)),
        Spacer(0, 4), Paragraph(f"本厅目录中另有 {idle} 项当日没有办件。竖线为十分钟。", SMALL),
    ]


def _waiting(figures: DayFigures) -> list[Any]:
    from reportlab.platypus import Paragraph, Spacer

    from hallapp.documents.report_parts import HEAD, SMALL, grid

    rows = [[name, str(found.n), *_times(found)] for name, found in
            (("等候（取号到首次呼叫）", figures.waiting), ("到窗（呼叫到到达窗口）", figures.way)) if found]
    counts = (f"优先号 {figures.priority} 张；重呼 {figures.recalls} 次；过号 {figures.missed} 次，"
              f"其中返回 {figures.returned} 次；弃号 {figures.abandoned} 张；未结束的接待 {figures.open_visits} 人次。")
    told = [Paragraph(counts, SMALL)]
    if figures.estimate_error is not None:
        told.append(Paragraph(
            f"小票上的预计等候与实际平均相差 {figures.estimate_error:.1f} 分钟（{figures.estimates} 张）。", SMALL))
    head = ["时间", "次数", "平均", "中位数", "第90百分位", "最长"]
    table = [grid(head, rows, (58, 18, 24, 24, 26, 24))] if rows else []
    return [Paragraph("等候与到窗", HEAD), *table, Spacer(0, 4), *told]


def _clerks(figures: DayFigures, staff: Mapping[str, Staff]) -> list[Any]:
    from reportlab.platypus import Paragraph

    from hallapp.documents.report_parts import HEAD, grid

    if not figures.clerks:
        return []
    rows = []
    for one in figures.clerks:
        times = one.handling.times
        rows.append([_named(staff, one.staff), str(one.visits), str(one.handling.cases),
                     clock(times.mean) if times else NONE, clock(times.longest) if times else NONE,
                     clock(one.way.mean) if one.way else NONE])
    return [Paragraph("分人员", HEAD),
            grid(["工号 姓名", "人次", "件数", "平均办理", "最长办理", "平均到窗"], rows, (54, 20, 20, 27, 27, 26))]


def _named(staff: Mapping[str, Staff], number: str) -> str:
    return _safe(f"{number} {staff[number].name}" if number in staff else number)


def _notices(figures: DayFigures) -> list[Any]:
    from reportlab.platypus import Paragraph

    from hallapp.documents.report_parts import HEAD, TEXT

    told = "，".join(f"{SITUATIONS[one]} {figures.notices[one]} 份" for one in SITUATIONS if one in figures.notices)
    total = sum(figures.notices.values())
    return [Paragraph("一次性告知", HEAD), Paragraph(f"共 {total} 份" + (f"：{told}。" if told else "。"), TEXT)]


def _definitions(figures: DayFigures, rules: Rules) -> list[Any]:
    from reportlab.platypus import KeepTogether, Paragraph

    from hallapp.documents.report_parts import HEAD, SMALL

    void: Handling = figures.handling
    texts = (
        f"即时件：本厅直接办理且目录标明即时办理的事项。即时件平均办理时长不超过 {figures.target / 60:g} 分钟为达标，"
        "不含等候时间。",
        "办理时长：从添加事项到登记办理结果，扣除暂停和挂起的时间；一次登记多件的，按件数平均，每件各计一次。时长按整秒进位。",
        f"计时无效：事后补结束的接待（{figures.void_visits} 人次、{void.void} 件）只计件数，不计入任何时长。",
        "人次：已结束的接待；一张号多次到窗计一次。第90百分位：九成件数不超过的时长。"
        f"优先号按提前 {rules.priority_head_start_minutes} 分钟排队。",
        *_without_items(figures),
    )
    return [KeepTogether([Paragraph("统计口径", HEAD), *(Paragraph(text, SMALL) for text in texts)])]


def _without_items(figures: DayFigures) -> list[str]:
    """The definitions of visits without a case and of those called at a hardware caller, on days that have some."""
    texts = []
    if figures.without_items:
        texts.append(f"没有登记事项的接待（{figures.without_items} 人次）：只计人次，不计件数和办理时长。")
    if figures.by_caller:
        texts.append(f"用硬件呼叫器的接待（{figures.by_caller} 人次）：从呼叫算到再按叫号或按评价为止；"
                     "到达窗口的时刻没有记录，不计入到窗时间。")
    return texts


def _times(found: Spread) -> list[str]:
    return [clock(found.mean), clock(found.median), clock(found.p90), clock(found.longest)]


def _safe(text: str) -> str:
    """Text for a Paragraph, which reads markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _numbered(hall: HallInfo, printed: str) -> type[Any]:
    """A canvas that writes the foot of each page when the number of pages is known."""
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    from hallapp.documents.report_parts import LINE, QUIET, shortened

    name = shortened(hall.name, 90 * mm, 8)

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for place, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self.setStrokeColor(LINE)
                self.line(18 * mm, 14 * mm, 192 * mm, 14 * mm)
                self.setFillColor(QUIET)
                self.setFont(REGULAR, 8)
                self.drawString(18 * mm, 9 * mm, f"{name}　打印时间 {printed}")
                self.drawRightString(192 * mm, 9 * mm, f"第 {place} 页　共 {len(self._pages)} 页")
                super().showPage()
            super().save()

    return Numbered
