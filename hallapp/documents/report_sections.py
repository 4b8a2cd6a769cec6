"""What the report of a day and that of a county have in common: how figures are written, and sections over them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

from hallapp.documents.fonts import REGULAR
from hallapp.documents.wording import OUTCOMES, SITUATIONS, begun_seconds
from hallapp.domain.figures import Figures, ItemFigures, Spread
from hallapp.domain.rules import TEN_MINUTES

NONE = "—"
ITEM = 58  # mm: the column of the items' names


def lasting(seconds: float) -> str:
    """6分48秒, in whole seconds."""
    minutes, rest = divmod(begun_seconds(seconds), 60)
    return f"{minutes}分{rest:02d}秒" if minutes else f"{rest}秒"


def verdict(figures: Figures) -> str:
    """The ten-minute verdict in words and a sign; of immediate cases without a valid timing there is none."""
    undecided = "计时无效" if figures.immediate.cases else "无即时件"
    return {None: undecided, True: "✓ 达标", False: "× 未达标"}[figures.meets_target]


def times(found: Spread) -> list[str]:
    return [lasting(found.mean), lasting(found.median), lasting(found.p90), lasting(found.longest)]


def safe(text: str) -> str:
    """Text for a Paragraph, which reads markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def headline_of(figures: Figures, uncalled: str) -> Any:
    """The four figures at the top; ``uncalled`` stands where nobody was called."""
    from hallapp.documents.report_parts import headline

    mean, waiting = figures.immediate.times, figures.waiting
    return headline([
        ("办理人次", f"{figures.visits} 人次", f"取号 {figures.issued} 张，无号 {figures.walk_ins} 人次"),
        ("办件量", f"{figures.handling.cases} 件", f"其中即时件 {figures.immediate.cases} 件"),
        ("即时件平均办理时长", lasting(mean.mean) if mean else NONE,
         f"<b>{verdict(figures)}</b>（≤ {figures.target / 60:g} 分钟）"),
        ("平均等候", lasting(waiting.mean) if waiting else NONE,
         f"最长 {lasting(waiting.longest)}" if waiting else uncalled),
    ])


def verdict_section(figures: Figures) -> list[Any]:
    from reportlab.platypus import KeepTogether, Paragraph

    from hallapp.documents.report_parts import HEAD, grid

    found = figures.immediate
    if found.times is None:
        return []
    row = [verdict(figures), str(found.times.n), *times(found.times), f"{found.over} 件（{found.over_share:.0%}）",
           f"{found.void} 件"]
    head = ["结论", "计时件数", "平均", "中位数", "第90百分位", "最长", "超时", "计时无效"]
    table = grid(head, [row], (21, 18, 20, 20, 23, 21, 31, 20))
    limit = "十分钟" if figures.target == TEN_MINUTES else f"{figures.target / 60:g}分钟"
    return [KeepTogether([Paragraph(f"即时办理事项{limit}核验", HEAD), table])]


def items_table(
    figures: Figures, items: Iterable[ItemFigures], name_of: Callable[[str], str],
    limited: Callable[[str], bool] = lambda _code: True,
) -> Any:
    """``items`` as they come, and their total; ``name_of`` a code is what to print for it; one that is not ``limited``
    to ten minutes is not held against them."""
    from reportlab.platypus import Paragraph

    from hallapp.documents.report_parts import WORDS, bar, evenly, grid

    def against(one: ItemFigures) -> Any:
        if not limited(one.code):
            return Paragraph("非即时件", WORDS)
        return bar(one.handling.times.mean, figures.target) if one.handling.times else NONE

    rows = []
    for one in items:
        results = "、 ".join(f"{word}{one.outcomes[end]}" for end, word in OUTCOMES.items() if end in one.outcomes)
        found = one.handling.times
        rows.append([[evenly(safe(name_of(one.code)), ITEM), Paragraph(results, WORDS)], str(one.handling.cases),
                     *(times(found) if found else [NONE] * 4), against(one)])
    rows.append(["<b>合计</b>", str(figures.handling.cases),
                 *(times(figures.handling.times) if figures.handling.times else [NONE] * 4), ""])
    return grid(["事项（办理结果）", "件数", "平均", "中位数", "第90百分位", "最长", "平均与目标"], rows,
                (ITEM, 12, 19, 19, 20, 19, 27))


def waiting_section(figures: Figures) -> list[Any]:
    from reportlab.platypus import Paragraph, Spacer

    from hallapp.documents.report_parts import HEAD, SMALL, grid

    rows = [[name, str(found.n), *times(found)] for name, found in
            (("等候（取号到首次呼叫）", figures.waiting), ("到窗（呼叫到到达窗口）", figures.way)) if found]
    counts = (f"优先号 {figures.priority} 张；重呼 {figures.recalls} 次；过号 {figures.missed} 次，"
              f"其中返回 {figures.returned} 次；弃号 {figures.abandoned} 张；未结束的接待 {figures.open_visits} 人次。")
    told = [Paragraph(counts, SMALL)]
    if figures.estimate_error is not None:
        told.append(Paragraph(
            f"号码单上的预计等候与实际平均相差 {figures.estimate_error:.1f} 分钟（{figures.estimates} 张）。", SMALL))
    head = ["时间", "次数", "平均", "中位数", "第90百分位", "最长"]
    table = [grid(head, rows, (58, 18, 24, 24, 26, 24))] if rows else []
    return [Paragraph("等候与到窗", HEAD), *table, Spacer(0, 4), *told]


def notices_section(figures: Figures) -> list[Any]:
    from reportlab.platypus import Paragraph

    from hallapp.documents.report_parts import HEAD, TEXT

    told = "，".join(f"{SITUATIONS[one]} {figures.notices[one]} 份" for one in SITUATIONS if one in figures.notices)
    total = sum(figures.notices.values())
    return [Paragraph("一次性告知", HEAD), Paragraph(f"共 {total} 份" + (f"：{told}。" if told else "。"), TEXT)]


def a4_pages(story: list[Any], title: str, whose: str, of: str, printed: str, author: str | None = None) -> bytes:
    """A report's pages as PDF, A4; the same values give the same bytes. ``whose``, cut if need be, ``of`` which report
    it is and when it was ``printed`` stand at the foot of each page, so that no page is nobody's once the sheets lie
    apart."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=18 * mm - 6, rightMargin=18 * mm - 6, topMargin=16 * mm, bottomMargin=18 * mm,
        title=title, author=author, invariant=1, initialFontName=REGULAR,
    )
    document.build(story, canvasmaker=_numbered(whose, of, printed))
    return out.getvalue()


def _numbered(whose: str, of: str, printed: str) -> type[Any]:
    """A canvas that writes the foot of each page when the number of pages is known."""
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    from hallapp.documents.report_parts import LINE, QUIET, shortened

    name = shortened(whose, 60 * mm, 8)

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
                self.drawString(18 * mm, 9 * mm, f"{name}　{of}")
                pages = f"第 {place} 页　共 {len(self._pages)} 页"
                self.drawRightString(192 * mm, 9 * mm, f"打印时间 {printed}　{pages}")
                super().showPage()
            super().save()

    return Numbered
