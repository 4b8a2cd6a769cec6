"""Every figure of a county stands on the paper and in the sheet, read back from the finished files."""

import io
import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pdfplumber
import pytest

from drivers.escpos import width
from hallapp import paths
from hallapp.documents.county_report import county_report
from hallapp.documents.county_sheet import county_sheet
from hallapp.documents.report_sections import lasting
from hallapp.domain.catalogue_file import load_catalogue
from hallapp.domain.county import CountyFigures, HallFigures, Period
from hallapp.domain.figures import Figures, Handling, ItemFigures, Spread
from hallapp.domain.handling import Outcome
from hallapp.domain.notice import Situation
from hallapp.domain.rating import Level, RatingFigures

PERIOD = Period(date(2026, 11, 1), date(2026, 11, 30))
ITEMS = {code: load_catalogue(paths.resources() / "catalogues" / "nantong19.toml").find_item(code)
         for code in ("NT02", "NT13")}
ZONE, PRINTED = ZoneInfo("Asia/Shanghai"), datetime(2026, 12, 1, 1, 30, tzinfo=UTC)
LONG = "上冈镇（街道）便民服务中心医疗保障综合服务窗口"

TOTAL = Figures(
    issued=14300, priority=2700, visits=13800, walk_ins=1200, open_visits=301, void_visits=503,
    handling=Handling(17100, Spread(16400, 421.0, 377.4, 811.0, 9504.0), 2200, 700),
    immediate=Handling(9600, Spread(9200, 371.0, 312.0, 705.0, 1203.0), 1380, 400),
    items=(
        ItemFigures("NT13", Handling(7500, Spread(7200, 661.0, 642.0, 893.0, 1504.0), 801, 300),
                    {Outcome.ACCEPTED: 7500}),
        ItemFigures("NT02", Handling(9400, Spread(9200, 372.0, 313.0, 706.0, 1205.0), 1400, 200),
                    {Outcome.CONSULTED: 1300, Outcome.COMPLETED: 8100}),
        ItemFigures("OWN9", Handling(200, None, 0, 200), {Outcome.COMPLETED: 200}),
    ),
    waiting=Spread(13100, 192.0, 153.0, 454.0, 1275.0), way=Spread(13700, 32.0, 28.0, 51.0, 79.0),
    recalls=1701, missed=902, returned=603, abandoned=804,
    notices={Situation.REFUSED: 405, Situation.CONSULTATION: 1606, Situation.INCOMPLETE: 3107},
    estimates=12900, estimate_error=3.26, without_items=1100, by_caller=1000,
    ratings=RatingFigures({Level(5): 6100, Level(4): 1900, Level(3): 0, Level(2): 700, Level(1): 0}, 2300),
    booked=580, kept=551,
)


def hall(hall_id, name, mean, n, last=date(2026, 11, 30), booked=0):
    times = Spread(n, mean, mean - 9, mean + 300, mean + 900) if n else None
    own = Figures(visits=n + 3, handling=Handling(n + 20, times, 3, 1), immediate=Handling(n + 1, times, n // 4, 1),
                  items=(ItemFigures("NT02", Handling(n, times, 2, 0), {Outcome.COMPLETED: n}),),
                  booked=booked, kept=booked * 19 // 20)
    return HallFigures(hall_id, name, own if n else Figures(), last)


COUNTY = CountyFigures(PERIOD, (
    hall("a1", LONG, 655.0, 212), hall("b2", "建阳镇", 333.0, 108, booked=400), hall("c3", "庆丰镇", 98.0, 16),
    hall("d4", "恒济镇", 0, 0, date(2026, 10, 17)), hall("e5", "颜单镇", 0, 0, None),
    hall("f6", "=沿河镇", 402.0, 99, booked=180),
), TOTAL)

STANDS = {
    "issued": ["取号14300张"], "priority": ["优先号2700张"], "visits": ["13800人次"], "walk_ins": ["无号1200人"],
    "open_visits": ["未结束的接待301人次"], "void_visits": ["（503人次、700件）只计件数"],
    "handling": ["17100件", "合计171007分01秒6分18秒13分31秒158分24秒"],
    "immediate": ["其中即时件9600件", "92006分11秒5分12秒11分45秒20分03秒1380件（15%）400件"],
    "items": ["城乡居民参保登记", "94006分12秒5分13秒11分46秒20分05秒", "办结8100、咨询1300", "受理7500",
              "750011分01秒10分42秒14分53秒25分04秒", "OWN9", "200————"],
    "waiting": ["3分12秒", "最长21分15秒", "等候（取号到首次呼叫）131003分12秒2分33秒7分34秒21分15秒"],
    "way": ["到窗（呼叫到到达窗口）1370032秒28秒51秒1分19秒"],
    "recalls": ["重呼1701次"], "missed": ["过号902次"], "returned": ["其中返回603次"], "abandoned": ["弃号804张"],
    "notices": ["共5118份：咨询1606份，材料不全3107份，不予受理405份。"],
    "estimates": ["（12900张）"], "estimate_error": ["相差3.3分钟"],
    "ratings": ["请评价11000人次", "6100", "1900", "700", "2300", "92.0%"],
    "without_items": ["没有登记事项的接待（1100人次）"], "by_caller": ["用硬件呼叫器的接待（1000人次）"],
    "booked": ["建阳镇4003802095%=沿河镇180171995%合计5805512995%"], "kept": ["合计580551"],
    "target": ["（≤10分钟）", "不超过10分钟为达标"],
}


def squeezed(pdf):
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return re.sub(r"\s", "", "".join(page.extract_text() for page in document.pages))


def printed(figures=COUNTY):
    return county_report(figures, ITEMS, ZONE, PRINTED)


@pytest.fixture(scope="module")
def paper():
    return squeezed(printed())


def sheets(figures=COUNTY):
    return openpyxl.load_workbook(io.BytesIO(county_sheet(figures, ITEMS, ZONE, PRINTED)))


def rows(sheet):
    heads, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, line, strict=True)) for line in lines]


def test_every_figure_has_its_place_on_the_paper():
    assert set(STANDS) == {one.name for one in fields(Figures)}


@pytest.mark.parametrize("name", STANDS)
def test_a_figure_of_the_total_stands_on_the_paper(paper, name):
    assert [words for words in STANDS[name] if words not in paper] == []


def test_the_halls_stand_in_their_order_with_the_verdict(paper):
    lines = [f"建阳镇1111128108{lasting(333)}{lasting(324)}{lasting(633)}25%✓达标",
             f"=沿河镇210211999{lasting(402)}{lasting(393)}{lasting(702)}24%✓达标",
             f"{lasting(655)}{lasting(646)}{lasting(955)}25%×未达标",
             f"庆丰镇—193616{lasting(98)}{lasting(89)}{lasting(398)}25%（✓达标）"]
    places = [paper.find(line) for line in lines]
    assert -1 not in places
    assert places == sorted(places)
    assert "不足30件的厅不排名次" in paper
    assert "达标3个厅，未达标1个厅，无即时件2个厅。未报送或没有报送完的2个厅。" in paper


def test_a_hall_whose_immediate_cases_have_no_valid_timing_is_counted_apart():
    figures = replace(COUNTY.halls[2].figures, immediate=Handling(5, None, 0, 5))
    halls = (*COUNTY.halls[:2], replace(COUNTY.halls[2], figures=figures), *COUNTY.halls[3:])
    text = squeezed(printed(replace(COUNTY, halls=halls)))
    assert "达标2个厅，未达标1个厅，无即时件2个厅，计时无效1个厅。" in text


def test_halls_that_have_not_reported_are_named_with_since_when(paper):
    listed = paper[paper.index("未报送的服务厅"):paper.index("各厅即时办理事项十分钟核验")]
    assert "颜单镇e5从未有记录恒济镇d42026年10月17日" in listed
    assert "建阳镇" not in listed
    late = replace(COUNTY.halls[1], by_bundle=True, bundled_to=date(2026, 11, 29))
    text = squeezed(printed(replace(COUNTY, halls=(late, replace(late, name="冈西镇", bundled_to=None)))))
    assert "冈西镇b2从未收到数据包建阳镇b2数据包到2026年11月29日" in text
    whole = replace(late, bundled_to=PERIOD.last)
    assert "没有：每个厅都已报送。" in squeezed(printed(replace(COUNTY, halls=(whole,))))
    assert "没有：每个厅都已报送。" in squeezed(printed(replace(COUNTY, halls=COUNTY.halls[:3])))


def test_who_has_not_come_before_the_period_is_over_may_still_come(paper):
    open_words = "本期还没有过完，未到的里面有时间还没到的。"
    assert open_words not in paper
    last_day = datetime(2026, 11, 30, 8, tzinfo=ZONE)
    assert open_words in squeezed(county_report(COUNTY, ITEMS, ZONE, last_day))


def test_of_appointments_nothing_is_said_where_there_are_none(paper):
    listed = paper[paper.index("预约人次"):paper.index("只列本期有预约的服务厅")]
    assert "庆丰镇" not in listed
    alone = squeezed(printed(replace(COUNTY, halls=COUNTY.halls[1:2])))
    assert "按时取号占比建阳镇4003802095%只列" in alone
    none = replace(COUNTY, halls=COUNTY.halls[2:5], total=replace(TOTAL, booked=0, kept=0))
    assert "预约" not in squeezed(printed(none))


def test_the_period_and_the_number_of_halls_stand_on_top(paper):
    assert paper.startswith("服务厅办件量汇总报表2026年11月1日至2026年11月30日共30天6个服务厅")
    one_day = replace(COUNTY, period=Period(date(2026, 11, 5), date(2026, 11, 5)))
    assert "报表2026年11月5日共1天" in squeezed(printed(one_day))


def test_a_period_in_which_nothing_happened_is_a_proper_report():
    nothing = CountyFigures(PERIOD, (hall("d4", "恒济镇", 0, 0, None),), Figures())
    text = squeezed(printed(nothing))
    assert all(words in text for words in ("0人次", "无即时件", "恒济镇d4从未有记录", "统计口径", "没有叫号"))
    assert [row["服务厅"] for row in rows(sheets(nothing)["未报送"])] == ["恒济镇"]


def test_a_province_of_halls_is_whole_and_no_line_leaves_the_paper():
    many = replace(COUNTY, halls=tuple(hall(f"h{n:04}", f"{LONG}{n:04}", 200.0 + n, 1800) for n in range(1300)))
    with pdfplumber.open(io.BytesIO(printed(many))) as document:
        words = [word for page in document.pages for word in page.extract_words()]
        numbers = re.findall(r"\d{4}", "".join(re.sub(r"\s", "", page.extract_text()) for page in document.pages))
    assert all(word["x0"] > 0 and word["x1"] < 595 - 40 and word["bottom"] < 842 - 20 for word in words)
    assert {f"{n:04}" for n in range(1300)} <= set(numbers)


def test_the_largest_figures_of_the_verdict_do_not_touch():
    times = Spread(1_608_834, 599.0, 599.0, 7000.0, 99_999.0)
    huge = replace(TOTAL, immediate=Handling(1_625_498, times, 72_501, 16_664))
    with pdfplumber.open(io.BytesIO(printed(replace(COUNTY, total=huge)))) as document:
        words = [word["text"] for word in document.pages[0].extract_words()]
    assert "1666分39秒" in words
    assert "72501" in words


def test_the_sheet_holds_every_figure_of_the_total_as_number_or_time():
    values = {row["项目"]: row["数值"] for row in rows(sheets()["汇总"])}
    assert values["期间"] == "2026年11月1日至2026年11月30日"
    wanted = {
        "取号": 14300, "优先号": 2700, "人次": 13800, "无号人次": 1200, "未结束接待": 301, "计时无效接待": 503,
        "无事项接待": 1100, "硬件呼叫接待": 1000, "全部件数": 17100, "全部办理计时数": 16400, "全部超时件": 2200,
        "全部计时无效件": 700, "全部办理最长": timedelta(seconds=9504), "即时件数": 9600, "即时办理计时数": 9200,
        "即时办理平均": timedelta(seconds=371), "即时办理中位数": timedelta(seconds=312), "即时超时件": 1380,
        "即时办理第90百分位": timedelta(seconds=705), "即时超时比例": 1380 / 9200, "即时计时无效件": 400,
        "结论": "✓ 达标", "十分钟目标": timedelta(minutes=10), "等候平均": timedelta(seconds=192), "等候计时数": 13100,
        "到窗第90百分位": timedelta(seconds=51), "到窗计时数": 13700, "重呼": 1701, "过号": 902, "过号返回": 603,
        "弃号": 804, "有预计的等候": 12900, "预计相差分钟": 3.26, "告知不予受理": 405, "告知咨询": 1606,
        "告知材料不全": 3107, "评价非常满意": 6100, "评价不满意": 700, "评价未评价": 2300, "满意率": 0.92 - 0.0004597,
        "预约": 580, "预约按时取号": 551, "预约未到": 29,
    }
    assert {name: values.get(name) for name in wanted} == {
        name: pytest.approx(one, abs=1e-4) if isinstance(one, float) else one for name, one in wanted.items()}


def test_paper_and_sheet_say_the_same_seconds_and_none_over_ten_minutes_reads_as_ten():
    times = Spread(9200, 600.2, 377.0004, 705.999, 1203.0)
    over = replace(COUNTY, total=replace(TOTAL, immediate=Handling(9600, times, 1380, 400)))
    assert "10分01秒6分17秒11分46秒20分03秒" in squeezed(printed(over))
    values = {row["项目"]: row["数值"] for row in rows(sheets(over)["汇总"])}
    assert [values[f"即时办理{name}"].total_seconds() for name in ("平均", "中位数", "第90百分位", "最长")] == [
        601, 377, 706, 1203]


def test_minutes_are_shown_as_on_the_paper():
    cell = next(row[1] for row in sheets()["汇总"].iter_rows() if row[0].value == "预计相差分钟")
    assert (cell.value, cell.number_format) == (3.26, "0.0")


def test_what_need_not_be_done_at_once_is_not_held_against_ten_minutes(paper):
    assert "14分53秒25分04秒非即时件" in paper
    assert "超" not in paper[paper.index("分事项办理量"):paper.index("竖线为")]


def test_each_hall_and_each_item_of_a_hall_has_a_row():
    book = sheets()
    found = rows(book["各厅"])
    assert [(row["名次"], row["代码"]) for row in found] == [(1, "b2"), (2, "f6"), (3, "a1"), ("不足 30 件", "c3")]
    assert [tuple(row[name] for name in ("预约", "预约按时取号", "预约未到")) for row in found] == [
        (400, 380, 20), (180, 171, 9), (None, None, None), (None, None, None)]
    assert found[2]["服务厅"] == LONG
    slow = [found[2][name] for name in ("即时办理平均", "即时超时件", "结论")]
    assert slow == [timedelta(seconds=655), 53, "× 未达标"]
    items = rows(book["事项"])
    assert [(row["服务厅"], row["事项代码"], row["件数"]) for row in items[:4]] == [
        ("合计", "NT13", 7500), ("合计", "NT02", 9400), ("合计", "OWN9", 200), (LONG, "NT02", 212)]
    assert items[1]["咨询"] == 1300
    assert [(row["代码"], row["最后一次记录"]) for row in rows(book["未报送"])] == [
        ("e5", "从未有记录"), ("d4", datetime(2026, 10, 17))]


def test_a_mean_a_little_over_ten_minutes_reads_so_in_the_sheet_as_on_paper():
    times = Spread(40, 600.2, 599.6, 700.0, 800.0)
    one = replace(COUNTY.halls[1], figures=replace(COUNTY.halls[1].figures, immediate=Handling(40, times, 9, 0)))
    [line] = rows(sheets(replace(COUNTY, halls=(one,)))["各厅"])
    assert (line["即时办理平均"], line["结论"]) == (timedelta(seconds=601), "× 未达标")


def test_a_name_that_looks_like_a_formula_stays_a_name():
    cell = next(cell for row in sheets()["各厅"].iter_rows() for cell in row if cell.value == "=沿河镇")
    assert cell.data_type == "s"


def test_heads_stay_in_sight_and_come_again_on_each_printed_page():
    for sheet in sheets():
        assert sheet.freeze_panes.endswith("2")
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.paperSize == int(sheet.PAPERSIZE_A4)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


@pytest.mark.parametrize("name", ["建阳镇", LONG, LONG * 2])
def test_no_name_is_covered_by_the_next_column_and_every_page_can_be_read(name):
    book = sheets(replace(COUNTY, halls=(*COUNTY.halls, hall("g7", name, 402.0, 99))))
    for sheet in (book["各厅"], book["事项"]):
        cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == name)
        assert sheet.column_dimensions[cell.column_letter].width >= width(name) or cell.alignment.shrink_to_fit
        widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]]
        kept = sum(widths[: {"各厅": 3, "事项": 4}[sheet.title]])
        assert kept + (sum(widths) - kept) / sheet.page_setup.fitToWidth <= 200


def test_a_figures_remark_goes_on_after_its_comma_where_one_line_is_too_short():
    pdf = county_report(COUNTY, ITEMS, ZONE, PRINTED)
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        box = document.pages[0].crop((0, 100, document.pages[0].width * 0.29, 200))
        said = [line.replace(" ", "") for line in box.extract_text().splitlines()]
    assert "取号14300张，" in said
    assert "无号1200人次" in said
