"""The report over many halls as a spreadsheet: numbers as numbers, times as times, ready to print."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from drivers.escpos import width
from hallapp.documents.county_report import FEW, TITLE_TEXT, period_words, since
from hallapp.documents.report_sections import verdict
from hallapp.documents.wording import LEVELS, OUTCOMES, SITUATIONS, begun_seconds, moment
from hallapp.domain.catalogue import Item
from hallapp.domain.county import CountyFigures, HallFigures
from hallapp.domain.figures import Figures, Handling, ItemFigures, Spread

TIME, SHARE, MINUTES, DAY = '[m]"分"ss"秒"', "0.0%", "0.0", "yyyy-mm-dd"
NAMES = ("服务厅", "事项")
ACROSS = 150  # characters that can be read across a page
SPREAD = ("平均", "中位数", "第90百分位", "最长")
Column = tuple[str, Any]  # its head, and its value in a row


def county_sheet(figures: CountyFigures, items: Mapping[str, Item], zone: ZoneInfo, printed_at: datetime) -> bytes:
    """An .xlsx of four sheets: 汇总, 各厅, 事项, 未报送. ``items`` as in county_report."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    about = [("报表", TITLE_TEXT), ("期间", period_words(figures.period)), ("天数", figures.period.days),
             ("服务厅数", len(figures.halls)), ("生成时间", moment(printed_at, zone))]
    pairs = [*about, *_columns(figures.total)]
    _fill(book, "汇总", [("项目", "数值"), *pairs], widths=(34, 40), across=False)
    halls = [_hall(place, hall) for place, hall in enumerate(figures.league(), 1)]
    _table(book, "各厅", halls, keep=3)
    lines = [_item("合计", "", one, items) for one in figures.total.items]
    lines += [_item(hall.name, hall.hall_id, one, items) for hall in figures.halls for one in hall.figures.items]
    _table(book, "事项", lines, keep=4)
    _table(book, "未报送", [_silent(hall) for hall in figures.silent()], keep=1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _hall(place: int, hall: HallFigures) -> list[Column]:
    return [("名次", FEW if hall.few else place), *_named(hall), *_columns(hall.figures)]


def _silent(hall: HallFigures) -> list[Column]:
    return [*_named(hall), ("最后一次记录", hall.reported_to or since(hall)),
            ("方式", "数据包" if hall.by_bundle else "联网")]


def _named(hall: HallFigures) -> list[Column]:
    return [("服务厅", hall.name), ("代码", hall.hall_id)]


def _columns(own: Figures) -> list[Column]:
    """Every figure under its name."""
    ratings = own.ratings
    return [
        ("取号", own.issued), ("优先号", own.priority), ("人次", own.visits), ("无号人次", own.walk_ins),
        ("未结束接待", own.open_visits), ("计时无效接待", own.void_visits), ("无事项接待", own.without_items),
        ("硬件呼叫接待", own.by_caller), *_handling("全部", own.handling), *_handling("即时", own.immediate),
        ("十分钟目标", timedelta(seconds=own.target)), ("结论", verdict(own)),
        *_spread("等候", own.waiting), *_spread("到窗", own.way),
        ("重呼", own.recalls), ("过号", own.missed), ("过号返回", own.returned), ("弃号", own.abandoned),
        ("有预计的等候", own.estimates), ("预计相差分钟", own.estimate_error),
        *((f"告知{word}", own.notices.get(one, 0)) for one, word in SITUATIONS.items()),
        *((f"评价{word}", ratings.levels.get(level, 0)) for level, word in LEVELS.items()),
        ("评价未评价", ratings.not_rated), ("满意率", _Share.of(ratings.satisfied_share)), *_appointments(own),
    ]


def _appointments(own: Figures) -> list[Column]:
    """Empty where there are none: a hall that takes none has not kept none."""
    found = (own.booked, own.kept, own.booked - own.kept) if own.booked else (None, None, None)
    return list(zip(("预约", "预约按时取号", "预约未到"), found, strict=True))


def _item(hall: str, hall_id: str, one: ItemFigures, items: Mapping[str, Item]) -> list[Column]:
    name = items[one.code].name if one.code in items else one.code
    return [("服务厅", hall), ("代码", hall_id), ("事项代码", one.code), ("事项", name),
            *_handling("", one.handling), *((word, one.outcomes.get(end, 0)) for end, word in OUTCOMES.items())]


def _handling(kind: str, own: Handling) -> list[Column]:
    return [(f"{kind}件数", own.cases), *_spread(f"{kind}办理", own.times), (f"{kind}超时件", own.over),
            (f"{kind}超时比例", _Share.of(own.over_share)), (f"{kind}计时无效件", own.void)]


def _spread(kind: str, found: Spread | None) -> list[Column]:
    if found is None:
        return [(f"{kind}计时数", 0), *((f"{kind}{name}", None) for name in SPREAD)]
    seconds = (found.mean, found.median, found.p90, found.longest)
    return [(f"{kind}计时数", found.n),
            *((f"{kind}{name}", timedelta(seconds=begun_seconds(one)))
              for name, one in zip(SPREAD, seconds, strict=True))]


class _Share(float):
    """Shown as a percentage."""

    @classmethod
    def of(cls, share: float | None) -> _Share | None:
        return None if share is None else cls(share)


def _table(book: Any, name: str, lines: Sequence[Sequence[Column]], keep: int) -> None:
    """A row for each line under their common heads; the first ``keep`` columns stay when scrolled and on each page."""
    heads = [head for head, _ in lines[0]] if lines else ["没有"]
    rows = [[value for _, value in line] for line in lines]
    widths = [_room(row[place] for row in rows) if head in NAMES else 12 for place, head in enumerate(heads)]
    _fill(book, name, [heads, *rows], widths, keep=keep)


def _room(names: Iterable[str]) -> int:
    """How wide a column of names is: as they are, up to a limit, where they are set smaller."""
    return min(48, max(28, *(width(name) + 4 for name in names)))


def _fill(
    book: Any, name: str, rows: Iterable[Sequence[Any]], widths: Sequence[int], keep: int = 1, across: bool = True
) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(name)
    for line, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            _put(sheet.cell(line, place), value)
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="EEF3F8")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    for place, wide in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = wide
        for (cell,) in sheet.iter_rows(2, None, place, place) if across and sheet.cell(1, place).value in NAMES else ():
            cell.alignment = Alignment(indent=1, shrink_to_fit=True)  # the next column would cover its end
    sheet.row_dimensions[1].height = 32  # two lines
    sheet.freeze_panes = f"{get_column_letter(keep + 1)}2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.paperSize, sheet.page_setup.orientation = sheet.PAPERSIZE_A4, "landscape" if across else "portrait"
    sheet.page_setup.fitToHeight, sheet.page_setup.fitToWidth = 0, 1
    if sum(widths) > ACROSS:  # too wide for one page: the first columns come again on each
        kept = sum(widths[:keep])
        sheet.print_title_cols = f"A:{get_column_letter(keep)}"
        sheet.page_setup.fitToWidth = ceil((sum(widths) - kept) / max(ACROSS - kept, 72))
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = f"{TITLE_TEXT}　{name}", "第 &P 页　共 &N 页"


def _put(cell: Any, value: Any) -> None:
    cell.value = float(value) if isinstance(value, _Share) else value
    if isinstance(value, str):
        cell.data_type = "s"  # also one that begins with =, which is no formula here
    elif isinstance(value, timedelta):
        cell.number_format = TIME
    elif isinstance(value, _Share):
        cell.number_format = SHARE
    elif isinstance(value, float):
        cell.number_format = MINUTES
    elif isinstance(value, date):
        cell.number_format = DAY
