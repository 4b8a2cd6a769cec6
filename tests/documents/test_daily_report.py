"""The daily report as a reader meets it: the PDF is read back, page by page."""

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pdfplumber
import pypdfium2
import pytest
from pdfminer.pdftypes import resolve1

from hallapp.documents.daily_report import daily_report
from hallapp.documents.report_sections import lasting
from hallapp.domain.figures import ClerkFigures, DayFigures, Handling, HourFigures, ItemFigures, Spread
from hallapp.domain.handling import Outcome
from hallapp.domain.notice import Situation
from hallapp.domain.rating import Level, RatingFigures
from hallapp.domain.rules import HallInfo, Rules
from hallapp.domain.staff import Staff
from tests.services.log_figures import every_figure

HALL = HallInfo("h1", "上冈镇为民服务中心")
PRINTED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
MM = 72 / 25.4
LEFT, RIGHT = 18 * MM, 192 * MM
STAFF = {"0312": Staff("0312", "王芳"), "0315": Staff("0315", "李军")}

BUSY = DayFigures(
    day=date(2026, 11, 23), issued=143, priority=27, visits=138, walk_ins=12, open_visits=3, void_visits=5,
    handling=Handling(171, Spread(164, 421.0, 377.4, 811.0, 1504.0), 22, 7),
    immediate=Handling(96, Spread(92, 371.0, 312.0, 705.0, 1203.0), 14, 4),
    items=(
        ItemFigures("NT13", Handling(75, Spread(72, 661.0, 642.0, 893.0, 1504.0), 8, 3), {Outcome.ACCEPTED: 75}),
        ItemFigures("NT02", Handling(94, Spread(92, 372.0, 313.0, 706.0, 1205.0), 14, 2),
                    {Outcome.CONSULTED: 13, Outcome.COMPLETED: 81}),
        ItemFigures("NT05", Handling(2, None, 0, 2), {Outcome.COMPLETED: 2}),
    ),
    waiting=Spread(131, 192.0, 153.0, 454.0, 1275.0), way=Spread(137, 32.0, 28.0, 51.0, 79.0),
    recalls=17, missed=9, returned=6, abandoned=8,
    notices={Situation.REFUSED: 4, Situation.CONSULTATION: 16, Situation.INCOMPLETE: 31},
    clerks=(
        ClerkFigures("0312", 73, Handling(90, Spread(88, 433.0, 400.0, 800.0, 1504.0), 12, 2),
                     Spread(70, 33.0, 30.0, 40.0, 50.0)),
        ClerkFigures("0315", 65, Handling(81, None, 0, 81), None),
    ),
    hours=(HourFigures(9, 45, 41, 55), HourFigures(10, 98, 97, 113)), estimates=129, estimate_error=3.26,
    without_items=11, by_caller=10, ratings=RatingFigures({Level(5): 61, Level(4): 19, Level(2): 7}, 23), booked=58,
    kept=46,
)
EMPTY = DayFigures(
    day=date(2026, 11, 24), issued=0, priority=0, visits=0, walk_ins=0, open_visits=0, void_visits=0,
    handling=Handling(0, None, 0, 0), immediate=Handling(0, None, 0, 0), items=(), waiting=None, way=None, recalls=0,
    missed=0, returned=0, abandoned=0, notices={}, clerks=(), hours=(), estimates=0, estimate_error=None,
)
STANDS = {
    "day": ["2026年11月23日星期一"],
    "issued": ["取号143张"],
    "priority": ["优先号27张"],
    "booked": ["预约58人次", "未到12人次"],
    "kept": ["按时取号46人次"],
    "visits": ["138人次"],
    "walk_ins": ["无号12人次"],
    "open_visits": ["未结束的接待3人次"],
    "void_visits": ["（5人次、7件）只计件数"],
    "handling": ["171件", "合计1717分01秒6分18秒13分31秒25分04秒"],
    "immediate": ["其中即时件96件", "6分11秒", "926分11秒5分12秒11分45秒20分03秒14件（15%）4件"],
    "items": ["2.城乡居民参保登记", "946分12秒5分13秒11分46秒20分05秒", "办结81、咨询13",
              "7511分01秒10分42秒14分53秒25分04秒", "受理75", "5.参保单位参保信息查询", "2————"],
    "waiting": ["3分12秒", "最长21分15秒", "等候（取号到首次呼叫）1313分12秒2分33秒7分34秒21分15秒"],
    "way": ["到窗（呼叫到到达窗口）13732秒28秒51秒1分19秒"],
    "recalls": ["重呼17次"],
    "missed": ["过号9次"],
    "returned": ["其中返回6次"],
    "abandoned": ["弃号8张"],
    "notices": ["共51份：咨询16份，材料不全31份，不予受理4份。"],
    "clerks": ["0312王芳73907分13秒25分04秒33秒", "0315李军6581———"],
    "hours": ["9时", "10时", "45", "41", "55", "98", "97", "113"],
    "estimates": ["（129张）"],
    "estimate_error": ["相差3.3分钟"],
    "ratings": ["服务评价", "请评价110人次", "61", "19", "23", "92.0%"],
    "without_items": ["没有登记事项的接待（11人次）"],
    "by_caller": ["用硬件呼叫器的接待（10人次）"],
    "target": ["（≤10分钟）", "不超过10分钟为达标"],
    "meets_target": ["✓达标（≤10", "✓达标92"],
}


@pytest.fixture
def printed(catalogue):
    """``printed(figures)``: the report as PDF bytes."""

    def make(figures=BUSY, hall=HALL, staff=STAFF, catalogue=catalogue):
        return daily_report(figures, hall, catalogue, staff, Rules(), PRINTED)

    return make


def pages(pdf):
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [page.extract_text() for page in document.pages]


def squeezed(pdf):
    """All text in reading order without any space."""
    return re.sub(r"\s", "", "".join(pages(pdf)))


def fonts(pdf):
    """The dictionaries of all fonts and font descriptors, and the names that any object gives a font."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        ids = {number for xref in document.doc.xrefs for number in xref.get_objids()}
        objects = [resolve1(document.doc.getobj(number)) for number in ids]
        dicts = [one for one in objects if isinstance(one, dict)]
    kind = [(str(one.get("Type", "")).strip("/'"), one) for one in dicts]
    return [one for name, one in kind if name == "Font"], [one for name, one in kind if name == "FontDescriptor"]


def test_every_figure_has_its_place_in_the_report():
    assert set(STANDS) == every_figure()


@pytest.mark.parametrize("name", STANDS)
def test_a_figure_stands_in_the_report(printed, name):
    text = squeezed(printed())
    assert [words for words in STANDS[name] if words not in text] == []


@pytest.mark.parametrize(("seconds", "words"), [
    (0, "0秒"), (58.4, "59秒"), (59.5, "1分00秒"), (60, "1分00秒"), (408, "6分48秒"), (3600, "60分00秒"),
    (45_296.2, "754分57秒"), (600.0004, "10分00秒"), (600.4, "10分01秒"),
])
def test_a_time_is_written_in_minutes_and_seconds(seconds, words):
    assert lasting(seconds) == words


@pytest.mark.parametrize("code", ["NT01", "NT12", "JSA13"])
def test_no_last_characters_of_a_name_stand_alone(printed, catalogue, code):
    item = catalogue.known_item(code)
    one = ItemFigures(code, Handling(1, Spread(1, 300.0, 300.0, 300.0, 300.0), 0, 0), {Outcome.COMPLETED: 1})
    with pdfplumber.open(io.BytesIO(printed(replace(BUSY, items=(one,))))) as document:
        found = [word["text"] for page in document.pages for word in page.extract_words(x_tolerance=6)]
    lines = [word for word in found if len(word) > 1 and word.removeprefix(f"{item.seq}.") in item.name]
    assert "".join(lines) == f"{item.seq}.{item.name}"
    assert len(lines[-1]) >= 6


@pytest.mark.parametrize(("cases", "mean", "words"), [
    (1, 600.0, "✓达标"), (1, 601.0, "×未达标"), (0, None, "无即时件"), (1, None, "计时无效"),
])
def test_the_verdict_is_said_in_words(printed, cases, mean, words):
    times = mean and Spread(1, mean, mean, mean, mean)
    text = squeezed(printed(replace(BUSY, immediate=Handling(cases, times, 0, 0 if times else cases))))
    assert words + "（≤10分钟）" in text
    assert ("即时办理事项十分钟核验" in text) == (mean is not None)


@pytest.mark.parametrize(("seconds", "words"), [(600.0, "十分钟"), (480.0, "8分钟"), (450.0, "7.5分钟")])
def test_the_heading_says_the_halls_own_target_and_the_official_one_in_the_official_word(printed, seconds, words):
    text = squeezed(printed(replace(BUSY, target=seconds)))
    assert f"即时办理事项{words}核验" in text
    assert ("十分钟" in text) == (seconds == 600.0)


def test_cases_missing_from_the_chart_are_named(printed):
    assert "不在当日结束" not in squeezed(printed(replace(BUSY, handling=replace(BUSY.handling, cases=168))))
    assert "另有3件不在当日结束，未计入图中。" in squeezed(printed())


def test_a_day_whose_only_case_ended_on_another_has_no_chart_but_a_report(printed):
    only = replace(EMPTY, handling=Handling(1, None, 0, 1), items=(ItemFigures("NT01", Handling(1, None, 0, 1), {}),))
    assert "另有1件不在当日结束" in squeezed(printed(only))


def test_a_day_on_which_nobody_kept_an_appointment_says_so_and_one_without_them_says_nothing(printed):
    text = squeezed(printed(replace(EMPTY, booked=3)))
    assert "分时段" not in text  # a heading with nothing under it
    assert "预约3人次：按时取号0人次，未到3人次" in text
    assert "本日没有" not in text
    assert "预约" not in squeezed(printed(replace(BUSY, booked=0, kept=0)))


def test_what_the_hall_no_longer_handles_is_called_by_its_name_or_said_to_be_gone(printed, catalogue):
    one = BUSY.items[0]
    figures = replace(BUSY, items=(replace(one, code="NT13"), replace(one, code="OWN7")))
    text = squeezed(printed(figures, catalogue=catalogue.with_items(["NT02"])))
    assert "门诊费用报销（已停用）" in text
    assert "已停用事项OWN7" in text


def test_a_day_without_data_gives_a_proper_report_that_says_so(printed):
    pdf = printed(EMPTY)
    text = squeezed(pdf)
    for words in ("日办件量报表", "2026年11月24日星期二", "0人次", "0件", "无即时件", "当日无叫号",
                  "本日没有取号、接待和办件记录。", "统计口径", "第1页共1页"):
        assert words in text
    assert "分时段" not in text
    assert len(pages(pdf)) == 1


def test_the_bars_of_the_chart_are_as_tall_as_their_counts(printed):
    figures = replace(BUSY, hours=(HourFigures(9, 2, 4, 8), HourFigures(10, 0, 1, 6)))
    with pdfplumber.open(io.BytesIO(printed(figures))) as document:
        page = document.pages[0]
        base = next(word["top"] for word in page.extract_words() if word["text"] == "9时")
        bars = [rect for rect in page.rects if rect["stroke"] and base - 90 < rect["bottom"] <= base + 1]
    bars.sort(key=lambda rect: rect["x0"])
    assert [round(bar["height"] / bars[2]["height"] * 8, 2) for bar in bars] == [2, 4, 8, 1, 6]
    assert len({bar["non_stroking_color"] for bar in bars[:3]}) == 3


def test_an_item_without_the_ten_minutes_is_not_held_against_them(printed):
    with pdfplumber.open(io.BytesIO(printed())) as document:
        page = next(page for page in document.pages if "平均与目标" in page.extract_text())
        assert not [char for char in page.chars if char["text"] == "超" and char["x0"] > 180 * MM]
        assert page.extract_text().count("非即时件") == 1  # NT13; its mean is 661 seconds


def test_a_mean_over_ten_minutes_says_so_beside_its_bar(printed):
    slow = replace(BUSY, items=(replace(BUSY.items[0], code="NT01"), *BUSY.items[1:]))
    with pdfplumber.open(io.BytesIO(printed(slow))) as document:
        page = next(page for page in document.pages if "平均与目标" in page.extract_text())
        right = [rect for rect in page.rects if rect["x0"] > 160 * MM and not rect["stroke"] and rect["height"] < 7]
        over = [char for char in page.chars if char["text"] == "超" and char["x0"] > 180 * MM]
        ticks = [line for line in page.lines if line["x0"] == line["x1"] > 160 * MM and line["height"] < 9]
    short, long = sorted(right, key=lambda rect: rect["width"])
    assert short["width"] / (ticks[0]["x0"] - short["x0"]) == pytest.approx(372 / 600, abs=0.01)
    assert long["width"] / (ticks[0]["x0"] - long["x0"]) == pytest.approx(661 / 600, abs=0.01)
    assert [abs(char["top"] - long["top"]) < 4 for char in over] == [True]


@pytest.mark.parametrize("figures", [BUSY, EMPTY])
def test_both_fonts_are_embedded_in_part_and_no_other_is_named(printed, figures):
    found, descriptors = fonts(printed(figures))
    names = {str(font["BaseFont"]).strip("/'") for font in found}
    assert {re.fullmatch(r"[A-Z]{6}\+(NotoSansSC-(?:Regular|Bold))", name)[1] for name in names} == {
        "NotoSansSC-Regular", "NotoSansSC-Bold"}
    assert {str(font["Subtype"]).strip("/'") for font in found} == {"TrueType"}
    assert len(descriptors) == len(found)
    for descriptor in descriptors:
        with_font = resolve1(descriptor["FontFile2"]).get_data()
        assert 1000 < len(with_font) < 200_000  # the whole face has 10 MB
    assert all(resolve1(font["ToUnicode"]) for font in found)


def test_the_same_values_give_the_same_bytes(printed):
    assert printed() == printed()


def test_the_foot_tells_hall_time_and_page(printed, catalogue):
    found = pages(printed(*heavy(catalogue)))
    assert len(found) > 3
    for place, text in enumerate(found, 1):
        assert f"第 {place} 页 共 {len(found)} 页" in text.splitlines()[-1]
        foot = text.splitlines()[-1]
        assert "上冈镇为民服务中心 日办件量报表 2026年11月23日" in foot  # whose it is, once the sheets lie apart
        assert "打印时间 2026年11月23日 17:30" in foot


def heavy(catalogue, items=60, clerks=70, name="{}", clerk="员工{}"):
    """Figures of many items and clerks, the hall, its staff and its catalogue."""
    one = catalogue.items[0]
    listed = tuple(replace(one, code=f"X{n}", seq=n, name=name.format(f"事项甲{n}乙")) for n in range(items))
    times = Spread(9, 300.0, 300.0, 300.0, 300.0)
    ends = dict.fromkeys(Outcome, 88)
    figures = replace(
        BUSY, items=tuple(ItemFigures(f"X{n}", Handling(n, times, 0, 0), ends) for n in range(items)),
        clerks=tuple(ClerkFigures(f"{n:04d}", n, Handling(n, times, 0, 0), times) for n in range(clerks)))
    staff = {f"{n:04d}": Staff(f"{n:04d}", clerk.format(n)) for n in range(clerks)}
    return figures, HALL, staff, replace(catalogue, items=listed, groups=())


def test_long_tables_repeat_their_head_on_every_page(printed, catalogue):
    found = pages(printed(*heavy(catalogue)))
    for head, rows in (("事项（办理结果） 件数", r"事项甲\d+乙"), ("工号 姓名 人次", r"员工\d+ ")):
        on_page = [len(re.findall(rows, text)) for text in found]
        assert sum(on_page) == {"事": 60, "工": 70}[head[0]]
        assert sum(count > 0 for count in on_page) > 1
        assert [head in text for text in found] == [count > 0 for count in on_page]


HEADINGS = {
    "分时段", "即时办理事项十分钟核验", "分事项办理量和办理时长", "等候与到窗", "分人员", "一次性告知", "统计口径",
}


def test_a_heading_stays_with_what_it_heads(printed, catalogue):
    """Wherever on the page it falls: each item moves the rest down."""
    for items in range(1, 40):
        figures, *more = heavy(catalogue, items, clerks=3)
        figures = replace(figures, items=tuple(replace(one, outcomes={}) for one in figures.items))
        document = pypdfium2.PdfDocument(printed(figures, *more))
        for page in document:
            above_the_foot = page.get_textpage().get_text_bounded(bottom=15 * MM).splitlines()
            assert above_the_foot[-1] not in HEADINGS
        document.close()


LONG = "江苏省盐城市建湖县上冈镇石桥头社区便民服务中心医疗保险经办窗口"


def test_long_names_wrap_and_nothing_leaves_the_page_or_lies_over_other_text(printed, catalogue):
    figures, _, staff, many = heavy(catalogue, 20, 20, name=LONG * 2 + "{}", clerk=LONG + "{}" + "W" * 40)
    figures = replace(figures, clerks=(*figures.clerks, ClerkFigures("<工号>" * 20, 1, Handling(1, None, 0, 0), None)),
                      items=(*figures.items, ItemFigures("Z" * 90, Handling(1, None, 0, 0), {})))
    with pdfplumber.open(io.BytesIO(printed(figures, HallInfo("h1", LONG * 3), staff, many))) as document:
        for page in document.pages:
            assert min(char["x0"] for char in page.chars) >= LEFT - 0.1
            assert max(char["x1"] for char in page.chars) <= RIGHT + 0.1
            assert min(char["top"] for char in page.chars) >= 14 * MM
            assert max(char["bottom"] for char in page.chars) <= (297 - 6) * MM
            assert overlapping(page.chars) == []
        text = re.sub(r"\s", "", "".join(page.extract_text() for page in document.pages))
    assert LONG * 3 in text
    for part in (f"{LONG}7{'W' * 40}", "<工号>" * 20, "Z" * 90):
        assert part[:8] in text


def overlapping(chars):
    """Pairs of characters that share a third of their width and of their height."""
    inked = sorted((char for char in chars if char["text"].strip()), key=lambda char: char["x0"])
    found = []
    for place, one in enumerate(inked):
        for other in inked[place + 1:]:
            if other["x0"] > one["x1"]:
                break
            wide = one["x1"] - other["x0"] > min(one["width"], other["width"]) / 3
            shared = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            if wide and shared > min(one["size"], other["size"]) / 2:
                found.append(one["text"] + other["text"])
    return found


def test_overlapping_text_would_be_seen():
    char = {"text": "甲", "x0": 0, "x1": 9, "width": 9, "top": 0, "bottom": 9, "size": 9}
    other = {**char, "text": "乙", "x0": 4, "x1": 13}
    assert overlapping([char, other]) == ["甲乙"]
    assert overlapping([char, {**other, "x0": 9, "x1": 18}]) == []


def test_every_number_is_right_below_its_head(printed):
    """All but the first column end on one line."""
    with pdfplumber.open(io.BytesIO(printed())) as document:
        words = [word for page in document.pages for word in page.extract_words()]
    for head, cells in (("平均到窗", ["33秒"]), ("中位数", ["5分12秒"]), ("第90百分位", ["11分45秒"])):
        ends = {round(word["x1"]) for word in words if word["text"] == head}
        assert all({round(word["x1"]) for word in words if word["text"] == cell} & ends for cell in cells)


@pytest.mark.parametrize("name", [
    "<b>甲</b>&amp;乙", "a<br/>b", "</para>", "<font", "&lt;", "𬭎某", "㛃䶮", "甲𠮷乙", "\U0001f600", "甲\x07乙",
])
def test_any_name_is_printed_as_it_is_written(printed, catalogue, name):
    """Markup is text; characters the typeface lacks leave a box and break nothing."""
    _, _, _, many = heavy(catalogue, 1)
    many = replace(many, items=(replace(many.items[0], code="NT02", name=name + "事"),))
    text = squeezed(printed(BUSY, HallInfo("h1", name), {"0312": Staff("0312", name)}, many))
    shown = re.sub("[𠮷\U0001f600\x07]", "\0", name)
    assert text.count(shown) == 3 + 2  # head, item and clerk; the foot of two pages


@pytest.mark.parametrize("name", ["𬭎", "𬍛𫍯𬘭", "王芳", "𫟹甲"])
def test_names_beyond_the_basic_plane_are_found_and_copied(printed, name):
    pdf = printed(staff={"0312": Staff("0312", name + "某")})
    assert f"0312{name}某" in squeezed(pdf)
    document = pypdfium2.PdfDocument(pdf)
    read = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    assert name + "某" in read
