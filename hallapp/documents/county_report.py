"""The report over many halls (服务厅办件量汇总报表), A4."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hallapp.documents.fonts import register
from hallapp.documents.report_ratings import DEFINITION, levels_table
from hallapp.documents.report_sections import (
    NONE,
    a4_pages,
    headline_of,
    items_table,
    notices_section,
    safe,
    times,
    verdict,
    verdict_section,
    waiting_section,
)
from hallapp.documents.wording import day_words, moment
from hallapp.domain.catalogue import Item
from hallapp.domain.county import FEW_CASES, CountyFigures, HallFigures, Period

TITLE_TEXT = "服务厅办件量汇总报表"
ROOM = 90.0  # points: no heading stands alone at the foot of a page
FEW = f"不足 {FEW_CASES} 件"


def county_report(figures: CountyFigures, items: Mapping[str, Item], zone: ZoneInfo, printed_at: datetime) -> bytes:
    """The report as PDF; ``items`` by code, in the order in which they are listed."""
    register()
    story = [*_top(figures), *verdict_section(figures.total), *_silent(figures), *_league(figures),
             *_items(figures, items), *_more(figures),
             *_appointments(figures, over=figures.period.last < printed_at.astimezone(zone).date()),
             *_definitions(figures)]
    return a4_pages(story, f"{TITLE_TEXT} {figures.period.first} {figures.period.last}", TITLE_TEXT,
                    period_words(figures.period), moment(printed_at, zone))


def period_words(period: Period) -> str:
    first, last = period.first, period.last
    return day_words(first) if first == last else f"{day_words(first)}至{day_words(last)}"


def hall_verdict(hall: HallFigures) -> str:
    """The verdict, in brackets where it rests on few cases."""
    said = verdict(hall.figures)
    return f"（{said}）" if hall.few and hall.figures.immediate.times else said


def _top(figures: CountyFigures) -> list[Any]:
    from reportlab.platypus import Paragraph, Spacer

    from hallapp.documents.report_parts import SUB, TEXT, TITLE

    halls = figures.halls
    counts = Counter(hall.figures.meets_target for hall in halls)
    void = sum(hall.figures.meets_target is None and hall.figures.immediate.cases > 0 for hall in halls)
    voided = f"，计时无效 {void} 个厅" if void else ""
    return [
        Paragraph(TITLE_TEXT, TITLE),
        Paragraph(f"{period_words(figures.period)}　共 {figures.period.days} 天　{len(halls)} 个服务厅", SUB),
        Spacer(0, 10),
        headline_of(figures.total, "没有叫号"),
        Spacer(0, 8),
        Paragraph(f"达标 {counts[True]} 个厅，未达标 {counts[False]} 个厅，无即时件 {counts[None] - void} 个厅"
                  f"{voided}。未报送或没有报送完的 {len(figures.silent())} 个厅。", TEXT),
    ]


def _silent(figures: CountyFigures) -> list[Any]:
    from reportlab.platypus import CondPageBreak, Paragraph

    from hallapp.documents.report_parts import HEAD, TEXT, grid

    halls = figures.silent()
    head = [CondPageBreak(ROOM), Paragraph("未报送的服务厅", HEAD)]
    if not halls:
        return [*head, Paragraph("没有：每个厅都已报送。", TEXT)]
    rows = [[safe(hall.name), safe(hall.hall_id), since(hall)] for hall in halls]
    return [*head, grid(["服务厅", "代码", "最后一次记录"], rows, (80, 44, 50))]


def since(hall: HallFigures) -> str:
    """The last that is known of a hall."""
    if hall.by_bundle:
        return f"数据包到{day_words(hall.bundled_to)}" if hall.bundled_to else "从未收到数据包"
    return day_words(hall.last_day) if hall.last_day else "从未有记录"


def _league(figures: CountyFigures) -> list[Any]:
    from reportlab.platypus import CondPageBreak, Paragraph, Spacer

    from hallapp.documents.report_parts import HEAD, SMALL, grid

    rows = [_line(place, hall) for place, hall in enumerate(figures.league(), 1)]
    return [] if not rows else [
        CondPageBreak(ROOM), Paragraph("各厅即时办理事项十分钟核验", HEAD),
        grid(["服务厅", "名次", "人次", "件数", "计时件", "平均", "中位数", "第90百分位", "超时", "结论"], rows,
             (36, 11, 14, 14, 14, 17, 17, 20, 11, 20)),
        Spacer(0, 4),
        Paragraph("按即时件平均办理时长从短到长排列。"
                  f"计时的即时件{FEW}的厅不排名次，列在其后，结论加括号，仅供参考。", SMALL),
    ]


def _line(place: int, hall: HallFigures) -> list[str]:
    own, found = hall.figures, hall.figures.immediate
    spread = times(found.times)[:3] if found.times else [NONE] * 3
    over = f"{found.over_share:.0%}" if found.over_share is not None else NONE
    return [safe(hall.name), NONE if hall.few else str(place), str(own.visits), str(own.handling.cases),
            str(found.times.n if found.times else 0), *spread, over, hall_verdict(hall)]


def _items(figures: CountyFigures, items: Mapping[str, Item]) -> list[Any]:
    from reportlab.platypus import CondPageBreak, Paragraph, Spacer

    from hallapp.documents.report_parts import HEAD, SMALL

    order = {code: place for place, code in enumerate(items)}
    mine = sorted(figures.total.items, key=lambda each: order.get(each.code, len(order)))
    if not mine:
        return []
    return [CondPageBreak(ROOM), Paragraph("分事项办理量和办理时长", HEAD),
            items_table(figures.total, mine, lambda code: items[code].name if code in items else code,
                        lambda code: code not in items or items[code].immediate),
            Spacer(0, 4), Paragraph(f"竖线为 {figures.total.target / 60:g} 分钟，只对即时件有要求。", SMALL)]


def _more(figures: CountyFigures) -> list[Any]:
    from reportlab.platypus import KeepTogether, Paragraph, Spacer

    from hallapp.documents.report_parts import HEAD, SMALL

    found = figures.total.ratings
    ratings = [Paragraph("服务评价", HEAD), levels_table(found), Spacer(0, 4), Paragraph(DEFINITION, SMALL)]
    return [KeepTogether(waiting_section(figures.total)), *([KeepTogether(ratings)] if found.asked else []),
            KeepTogether(notices_section(figures.total))]


def _appointments(figures: CountyFigures, over: bool) -> list[Any]:
    """Of the halls that have some; ``over``: nobody can come any more."""
    from reportlab.platypus import CondPageBreak, Paragraph, Spacer

    from hallapp.documents.report_parts import HEAD, SMALL, grid

    halls = [(safe(hall.name), hall.figures) for hall in figures.halls if hall.figures.booked]
    if not halls:
        return []
    rows = [[name, str(own.booked), str(own.kept), str(own.booked - own.kept), f"{own.kept / own.booked:.0%}"]
            for name, own in (*halls, *([("<b>合计</b>", figures.total)] if len(halls) > 1 else []))]
    said = "只列本期有预约的服务厅，已撤销的预约不计。没有按时取号的，当日结束后即为爽约"
    said += "。" if over else "；本期还没有过完，未到的里面有时间还没到的。"
    return [CondPageBreak(ROOM), Paragraph("预约", HEAD),
            grid(["服务厅", "预约人次", "按时取号", "未到", "按时取号占比"], rows, (74, 25, 25, 22, 28)),
            Spacer(0, 4), Paragraph(said, SMALL)]


def _definitions(figures: CountyFigures) -> list[Any]:
    from reportlab.platypus import KeepTogether, Paragraph

    from hallapp.documents.report_parts import HEAD, SMALL

    total = figures.total
    texts = (
        f"即时件：服务厅直接办理且目录标明即时办理的事项。即时件平均办理时长不超过 {total.target / 60:g} 分钟为达标，"
        "不含等候时间。各厅平均、中位数和第90百分位按本期全部即时件逐件计算；合计按所有厅的全部件计算，不是各厅数值的平均。",
        "办理时长：从添加事项到登记办理结果，扣除暂停和挂起的时间；一次登记多件的，按件数平均，每件各计一次。时长按整秒进位。",
        f"计时无效：事后补结束的接待（{total.void_visits} 人次、{total.handling.void} 件）只计件数，不计入任何时长。",
        "人次：已结束的接待；一张号多次到窗计一次。第90百分位：九成件数不超过的时长。各日数字与各厅日办件量报表口径相同，"
        "本期为各日之和。",
        f"没有登记事项的接待（{total.without_items} 人次）：只计人次。用硬件呼叫器的接待（{total.by_caller} 人次）："
        "到达窗口的时刻没有记录，不计入到窗时间。",
        "未报送：本期没有任何记录的服务厅，或数据包没有到本期最后一天的服务厅（已到的部分已计入）。",
    )
    return [KeepTogether([Paragraph("统计口径", HEAD), *(Paragraph(text, SMALL) for text in texts)])]
