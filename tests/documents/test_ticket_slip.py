from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.escpos import PAPER_58, PAPER_80, PrinterProfile
from hallapp.documents.ticket_slip import ticket_slip
from hallapp.domain.catalogue import Group, Item, Material, Mode
from hallapp.domain.rules import HallInfo, Rules
from hallapp.domain.ticket import Ticket, TicketState
from tests.documents.slip_reader import lines, pictures, running_text, scanned

HALL = HallInfo("h1", "上冈镇为民服务中心")
RULES = Rules()
AT = datetime(2026, 11, 23, 1, 42, tzinfo=UTC)
TICKET = Ticket(
    1, date(2026, 11, 23), "A012", "A", 12, "enrol", None, False, TicketState.WAITING, AT, AT, "kiosk", 3, 25
)
GROUP = Group("enrol", "A", "参保登记", "职工 · 灵活就业 · 城乡居民", ("NT02",))
ITEM = Item(
    "NT02", 2, "城乡居民参保登记", "居民参保登记", ("jmcbdj",), Mode.DIRECT, True, 0, "即时办理", (), "第3项",
    (
        Material("有效身份证件", original=True, copies=2, where="公安机关", notes="身份证、户口簿等"),
        Material("居住证明", required=False),
        Material("委托人身份证原件", condition="委托他人代办", original=True),
        Material("授权委托书", condition="委托他人代办"),
        Material("户籍材料", condition="无法通过数据共享获取"),
    ),
)
PAPERS = [PAPER_58, PrinterProfile(dots=512, columns=42), PAPER_80]
SENTENCES = st.text("医保参登记（），、。《》身份证ABC123 -〔〕㛃", max_size=40)
NUMBERS = st.from_regex(r"[A-Z][0-9]{3,5}", fullmatch=True)


def slip_of(ticket=TICKET, group=GROUP, item=None, rules=RULES, profile=PAPER_80, copy=False):
    return ticket_slip(ticket, group, item, HALL, rules, profile, copy=copy)


def text_of(profile=PAPER_80, **content):
    return running_text(slip_of(profile=profile, **content), profile)


@pytest.mark.parametrize("profile", PAPERS)
def test_a_ticket_says_number_business_people_ahead_wait_and_hall_time(profile):
    text = text_of(profile)
    for said in ("上冈镇为民服务中心", "A012", "参保登记", "前面还有3人", "约等候25分钟", "2026年11月23日 09:42"):
        assert said in text


@pytest.mark.parametrize("profile", PAPERS)
def test_the_number_is_the_largest_thing_in_chinese_size_commands_too(profile):
    printed = lines(slip_of(item=ITEM, profile=profile), profile)
    number, *others = sorted(printed, key=lambda line: line.high, reverse=True)
    assert number.text == "A012"
    assert number.wide == number.high >= 3 * max(line.high for line in others) >= 6
    assert number.bold
    assert next(line for line in printed if line.text == "参保登记").wide == 2


def test_an_item_is_named_below_its_business():
    texts = [line.text for line in lines(slip_of(item=ITEM), PAPER_80)]
    assert texts[texts.index("参保登记") + 1] == "城乡居民参保登记"


def test_only_a_priority_ticket_carries_the_mark():
    assert "优先" not in text_of(item=ITEM)
    assert "【优先】" in text_of(ticket=replace(TICKET, priority=True))


def test_where_no_window_is_open_no_figure_is_given():
    text = text_of(ticket=replace(TICKET, expected_minutes=None))
    assert "窗口开放后叫号" in text
    assert "约等候" not in text
    assert "None" not in text


def test_who_is_next_reads_so_instead_of_noughts():
    text = text_of(ticket=replace(TICKET, ahead=0, expected_minutes=0))
    assert "前面没有人等候即将叫号" in text


def test_only_a_copy_says_so():
    assert "补打" not in text_of(item=ITEM)
    assert "补打" in text_of(item=ITEM, copy=True)


def test_a_missed_number_may_return_as_the_rules_say():
    text = text_of(rules=Rules(return_minutes=45, return_times=2, return_places=5))
    assert "过号后45分钟内告诉工作人员，可恢复排队2次，排在前5人之后。" in text
    assert "排在最前" in text_of(rules=Rules(return_places=0))
    assert "过号作废，请重新取号。" in text_of(rules=Rules(return_times=0))


def test_what_to_do_next_is_said_in_bold():
    printed = lines(slip_of(), PAPER_80)
    told = "".join(line.text for line in printed if line.bold and line.side == "left")
    assert told == "请在等候区就座，听广播或看叫号屏，叫到您的号码再到窗口办理。"


def test_materials_always_needed_come_first_the_others_under_their_condition():
    texts = [line.text for line in lines(slip_of(item=ITEM), PAPER_80)]
    assert texts[texts.index("请准备好以下材料") :] == [
        "请准备好以下材料",
        "1. 有效身份证件（原件、复印件2份）",
        "2. 居住证明（可用个人承诺书代替）",
        "以下情形还需",
        "· 委托他人代办：委托人身份证原件；授权委托书",
        "· 无法通过数据共享获取：户籍材料",
    ]


def test_an_item_with_conditional_materials_only_asks_for_those_of_the_case():
    texts = [line.text for line in lines(slip_of(item=replace(ITEM, materials=ITEM.materials[2:4])), PAPER_80)]
    assert texts[-2:] == ["请按您的情形准备材料", "· 委托他人代办：委托人身份证原件；授权委托书"]


@pytest.mark.parametrize("item", [None, replace(ITEM, materials=())])
def test_without_materials_there_is_no_empty_list_of_them(item):
    assert "材料" not in text_of(item=item)


def test_a_business_that_left_the_catalogue_still_gives_a_ticket():
    assert "A012" in text_of(group=None)


@pytest.mark.parametrize("profile", [*PAPERS, PrinterProfile(native_qr=False)])
def test_the_qr_code_holds_the_number_and_its_day(profile):
    assert list(scanned(slip_of(profile=profile), profile).values()) == ["T20261123A012"]


def test_the_time_is_that_of_the_halls_zone():
    assert "2026年11月23日 01:42" in text_of(rules=Rules(timezone="UTC"))


def test_the_same_ticket_gives_the_same_bytes():
    assert slip_of(item=ITEM) == slip_of(item=ITEM)


@pytest.mark.parametrize("profile", PAPERS)
def test_every_item_of_the_shipped_list_is_printed_whole_and_fits(profile, catalogue):
    for item in catalogue.items:
        slip = slip_of(item=item, profile=profile)
        text = "".join(running_text(slip, profile).split())
        assert all(line.columns <= profile.columns for line in lines(slip, profile))
        assert {high for _, high, _ in pictures(slip)} == {2}, "no line needs drawing"
        assert "".join(item.name.split()) in text
        assert all("".join(material.name.split()) in text for material in item.materials)


@pytest.mark.parametrize("profile", PAPERS)
@settings(max_examples=15)
@given(name=SENTENCES, condition=SENTENCES, number=NUMBERS, ahead=st.integers(0))
def test_no_line_is_wider_than_the_paper_whatever_a_hall_enters(profile, name, condition, number, ahead):
    materials = (Material(name, copies=3), Material(name, condition=condition, required=False))
    slip = ticket_slip(
        replace(TICKET, number=number, ahead=ahead, expected_minutes=ahead), replace(GROUP, name=name),
        replace(ITEM, name=name, materials=materials), replace(HALL, name=name), Rules(), profile,
    )
    assert all(line.columns <= profile.columns for line in lines(slip, profile))
