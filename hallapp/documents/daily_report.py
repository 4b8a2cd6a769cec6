"""The daily throughput report (日办件量报表), A4."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from hallapp.documents.fonts import register
from hallapp.documents.report_ratings import ratings_section
from hallapp.documents.report_sections import (
    NONE,
    a4_pages,
    headline_of,
    items_table,
    lasting,
    notices_section,
    safe,
    verdict_section,
    waiting_section,
)
from hallapp.documents.wording import WEEKDAYS, day_words, gone_item, moment
from hallapp.domain.catalogue import Catalogue
from hallapp.domain.figures import DayFigures
from hallapp.domain.rules import HallInfo, Rules
from hallapp.domain.staff import Staff


def daily_report(
    figures: DayFigures, hall: HallInfo, catalogue: Catalogue, staff: Mapping[str, Staff], rules: Rules,
    printed_at: datetime,
) -> bytes:
    """The report as PDF. The same values give the same bytes."""
    register()
    story = [*_top(figures, hall), *(_body(figures, catalogue, staff) if _anything(figures) else _nothing()),
             *_definitions(figures, rules)]
    return a4_pages(story, f"日办件量报表 {figures.day}", hall.name, f"日办件量报表 {day_words(figures.day)}",
                    moment(printed_at, rules.zone), hall.name)


def _anything(figures: DayFigures) -> bool:
    return bool(figures.issued or figures.booked or figures.visits or figures.open_visits or figures.handling.cases)


def _top(figures: DayFigures, hall: HallInfo) -> list[Any]:
    from reportlab.platypus import Paragraph, Spacer

    from hallapp.documents.report_parts import SUB, TITLE

    day = figures.day
    return [
        Paragraph("日办件量报表", TITLE),
        Paragraph(f"{safe(hall.name)}　{day_words(day)}　星期{WEEKDAYS[day.weekday()]}", SUB),
        Spacer(0, 10),
        headline_of(figures, "当日无叫号"),
    ]


def _nothing() -> list[Any]:
    from reportlab.platypus import Paragraph, Spacer

    from hallapp.documents.report_parts import TEXT

    return [Spacer(0, 24), Paragraph("本日没有取号、接待和办件记录。", TEXT), Spacer(0, 24)]


def _body(figures: DayFigures, catalogue: Catalogue, staff: Mapping[str, Staff]) -> list[Any]:
    from reportlab.platypus import KeepTogether, Paragraph

    from hallapp.documents.report_parts import HEAD, hour_chart

    by_hour = [*([hour_chart(figures.hours)] if figures.hours else []), *_later(figures)]
    return [
        *([KeepTogether([Paragraph("分时段", HEAD), *by_hour])] if by_hour else []),
        *verdict_section(figures),
        *_items(figures, catalogue),
        KeepTogether([*waiting_section(figures), *_appointments(figures)]),
        KeepTogether(_clerks(figures, staff)),
        KeepTogether(ratings_section(figures, partial(_named, staff))),
        KeepTogether(notices_section(figures)),
    ]


def _appointments(figures: DayFigures) -> list[Any]:
    from reportlab.platypus import Paragraph

    from hallapp.documents.report_parts import SMALL

    if not figures.booked:
        return []
    missed = figures.booked - figures.kept
    return [Paragraph(f"预约 {figures.booked} 人次：按时取号 {figures.kept} 人次，未到 {missed} 人次"
                      "（没有按时取号的，当日结束后即为爽约；已撤销的不计）。", SMALL)]


def _later(figures: DayFigures) -> list[Any]:
    from reportlab.platypus import Paragraph, Spacer

    from hallapp.documents.report_parts import SMALL

    later = figures.handling.cases - sum(hour.cases for hour in figures.hours)
    return [Spacer(0, 4), Paragraph(f"另有 {later} 件不在当日结束，未计入图中。", SMALL)] if later else []


def _items(figures: DayFigures, catalogue: Catalogue) -> list[Any]:
    from reportlab.platypus import Paragraph, Spacer

    from hallapp.documents.report_parts import HEAD, SMALL

    def name_of(code: str) -> str:
        if (item := catalogue.find_item(code)) is not None:
            return f"{item.seq}. {item.name}"
        former = catalogue.known_item(code)
        return f"{former.name}（已停用）" if former else gone_item(code)

    def limited(code: str) -> bool:
        item = catalogue.known_item(code)
        return item is None or item.immediate

    order = {item.code: place for place, item in enumerate(catalogue.items)}
    items = sorted(figures.items, key=lambda each: order.get(each.code, len(order)))
    listed = {item.code for group in catalogue.groups for item in catalogue.items_of(group)}
    idle = len(listed - {one.code for one in figures.items})
    return [
        Paragraph("分事项办理量和办理时长", HEAD), items_table(figures, items, name_of, limited),
        Spacer(0, 4), Paragraph(f"本厅目录中另有 {idle} 项当日没有办件。竖线为 {figures.target / 60:g} 分钟。", SMALL),
    ]


def _clerks(figures: DayFigures, staff: Mapping[str, Staff]) -> list[Any]:
    from reportlab.platypus import Paragraph

    from hallapp.documents.report_parts import HEAD, grid

    if not figures.clerks:
        return []
    rows = []
    for one in figures.clerks:
        times = one.handling.times
        rows.append([_named(staff, one.staff), str(one.visits), str(one.handling.cases),
                     lasting(times.mean) if times else NONE, lasting(times.longest) if times else NONE,
                     lasting(one.way.mean) if one.way else NONE])
    return [Paragraph("分人员", HEAD),
            grid(["工号 姓名", "人次", "件数", "平均办理", "最长办理", "平均到窗"], rows, (54, 20, 20, 27, 27, 26))]


def _named(staff: Mapping[str, Staff], number: str) -> str:
    return safe(f"{number} {staff[number].name}" if number in staff else number)


def _definitions(figures: DayFigures, rules: Rules) -> list[Any]:
    from reportlab.platypus import KeepTogether, Paragraph

    from hallapp.documents.report_parts import HEAD, SMALL

    texts = (
        f"即时件：本厅直接办理且目录标明即时办理的事项。即时件平均办理时长不超过 {figures.target / 60:g} 分钟为达标，"
        "不含等候时间。",
        "办理时长：从添加事项到登记办理结果，扣除暂停和挂起的时间；一次登记多件的，按件数平均，每件各计一次。时长按整秒进位。",
        f"计时无效：事后补结束的接待（{figures.void_visits} 人次、{figures.handling.void} 件）"
        "只计件数，不计入任何时长。",
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
