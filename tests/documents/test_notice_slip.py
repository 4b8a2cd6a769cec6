from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.escpos import PAPER_58, PAPER_80, PrinterProfile
from hallapp.documents.notice_slip import notice_slip
from hallapp.domain.catalogue import Item, Mode
from hallapp.domain.notice import Notice, NoticeLine, Situation
from hallapp.domain.rules import HallInfo, Rules
from hallapp.domain.staff import Staff
from tests.documents.slip_reader import lines, pictures, running_text, scanned

HALL = HallInfo("h1", "上冈镇为民服务中心", "人民路18号", hours="周一至周五 9:00-12:00")
STAFF = Staff("0312", "王芳", phone="0515-86210312")
ITEM = Item(
    "NT14", 14, "住院费用报销", "住院报销", ("zyfybx",), Mode.ACCEPT_FORWARD, False, 10, "10个工作日",
    ("《社会保险法》第二十八条", "国医保电〔2018〕14号"), "指南第20项", (),
)
NOTICE = Notice(
    7, date(2026, 11, 23), "20261123001", 1, 3, 4, "NT14", Situation.INCOMPLETE,
    (NoticeLine("医院收费票据", True, 2, "就诊医院", "须盖章"), NoticeLine("诊断证明", False, 0)),
    (NoticeLine("有效身份证件", True, 1, "公安机关", "任一种"),),
    ("意外伤害就医", "委托他人代办"), "票据请带全", "", "0312", 2, datetime(2026, 11, 23, 1, 42, tzinfo=UTC),
)
CONSULTED = replace(NOTICE, situation=Situation.CONSULTATION)
REFUSED = replace(
    NOTICE, situation=Situation.REFUSED, missing=(), received=(), conditions=(), remark="", reason="参保地不在本市"
)
PAPERS = [PAPER_58, PrinterProfile(dots=512, columns=42), PAPER_80]
SENTENCES = st.text("医保参登记（），、。《》身份证ABC123 -〔〕㛃", max_size=40)


def slip_of(notice=NOTICE, item=ITEM, hall=HALL, staff=STAFF, profile=PAPER_80, copy=False):
    return notice_slip(notice, item, hall, staff, Rules(), profile, copy=copy)


def texts_of(profile=PAPER_80, **content):
    return [line.text for line in lines(slip_of(profile=profile, **content), profile)]


def text_of(profile=PAPER_80, **content):
    return running_text(slip_of(profile=profile, **content), profile)


def test_a_notice_on_wide_paper_reads_like_this():
    assert texts_of() == [
        "上冈镇为民服务中心",
        "一次性告知单",
        "编号 20261123001",
        "办理事项  住院费用报销",
        "告知情形  材料不全",
        "适用情形  意外伤害就医；委托他人代办",
        "缺少材料（2项）",
        "1. 医院收费票据",
        "   形式：原件、复印件2份",
        "   获取：就诊医院",
        "   说明：须盖章",
        "2. 诊断证明",
        "已收材料（1项）",
        "1. 有效身份证件",
        "补充说明  票据请带全",
        "补齐材料后，请带本单再来，扫条码即可续办。",
        "办理时限  10个工作日",
        "办理依据  《社会保险法》第二十八条；",
        "          国医保电〔2018〕14号",
        "办理地点  人民路18号",
        "办理时间  周一至周五 9:00-12:00",
        "首问负责  王芳（工号0312）0515-86210312",
        "咨询电话  12393",
        "投诉电话  12345",
        "告知时间  2026年11月23日 09:42",
        "告知窗口  2号",
        "告知人签字  " + "_" * 36,
        "申请人签字  " + "_" * 36,
    ]


def test_what_is_missing_stands_out_from_where_to_get_it():
    printed = {line.text: line.bold for line in lines(slip_of(), PAPER_80)}
    assert printed["1. 医院收费票据"]
    assert printed["2. 诊断证明"]
    assert not printed["   获取：就诊医院"]


def test_other_ways_are_printed_only_where_the_hall_states_some_and_something_is_still_to_be_brought():
    hall = replace(HALL, other_ways="也可在江苏医保云办理，或请村（社区）代办")
    assert "其他方式" not in text_of()
    for notice in (NOTICE, CONSULTED):
        assert "其他方式  也可在江苏医保云办理，或请村（社区）代办" in text_of(notice=notice, hall=hall)
    assert "其他方式" not in text_of(notice=REFUSED, hall=hall)


@pytest.mark.parametrize("profile", PAPERS)
def test_the_same_is_said_on_every_width(profile):
    def words(paper):
        return "".join(text_of(paper).replace("_", "").split())

    assert words(profile) == words(PAPER_80)


def test_a_thin_rule_stands_between_the_sections_there_are():
    assert [high for _, high, _ in pictures(slip_of())] == [2] * 7
    assert [high for _, high, _ in pictures(slip_of(REFUSED))] == [2] * 4


@pytest.mark.parametrize("profile", PAPERS)
def test_the_title_is_twice_the_size_of_the_rest(profile):
    sizes = {(line.wide, line.high): line.text for line in lines(slip_of(profile=profile), profile)}
    assert sizes.keys() == {(1, 1), (2, 2)}
    assert sizes[2, 2] == "一次性告知单"


@pytest.mark.parametrize(
    ("notice", "told"),
    [
        (NOTICE, "补齐材料后，请带本单再来，扫条码即可续办。"),
        (CONSULTED, "备齐材料后，请带本单再来，扫条码即可续办。"),
        (REFUSED, "对不予受理有疑问的，请拨打下方咨询电话或投诉电话。"),
    ],
)
def test_what_to_do_next_is_one_bold_sentence_that_suits_the_situation(notice, told):
    bold = "".join(line.text for line in lines(slip_of(notice), PAPER_80) if line.bold)
    assert told in bold
    assert bold.count("。") == 1


def test_a_refusal_gives_its_reason_and_asks_for_nothing():
    text = text_of(notice=REFUSED)
    assert "告知情形  不予受理具体原因  参保地不在本市" in text
    assert "材料" not in text


def test_consultation_lists_what_is_needed_not_what_is_missing():
    text = text_of(notice=CONSULTED)
    assert "告知情形  咨询" in text
    assert "所需材料（2项）" in text
    assert "缺少" not in text


def test_what_no_source_states_is_not_printed():
    unknown = replace(ITEM, limit_text="", basis=())
    bare = HallInfo("h1", "上冈镇为民服务中心", consult_phone="", complaint_phone="")
    text = text_of(
        notice=replace(NOTICE, missing=NOTICE.missing[1:], conditions=(), remark=""), item=unknown, hall=bare,
        staff=Staff("0312", "王芳"),
    )
    names = ("形式", "获取", "说明", "时限", "依据", "地点", "办理时间", "电话", "适用情形", "原因", "医保云", "None")
    assert not [name for name in names if name in text]
    assert "首问负责  王芳（工号0312）告知时间" in text


def test_an_original_is_not_asked_for_twice_where_the_name_says_it():
    missing = (NoticeLine("委托人身份证原件", True, 0),)
    assert "形式" not in text_of(notice=replace(NOTICE, missing=missing))


def test_an_item_that_left_the_catalogue_is_named_by_its_code():
    text = text_of(item=None)
    assert "办理事项  已停用事项 NT14" in text
    assert "办理时限" not in text


def test_only_a_copy_says_so():
    assert "补打" not in text_of()
    assert "编号 20261123001（补打）" in text_of(copy=True)


@pytest.mark.parametrize("profile", PAPERS)
def test_the_barcode_reads_back_as_the_notices(profile):
    assert scanned(slip_of(profile=profile), profile) == {zxingcpp.BarcodeFormat.Code128: NOTICE.barcode}


def test_a_clerk_with_a_rare_name_is_drawn_and_everything_else_is_text():
    slip = slip_of(staff=Staff("0312", "王𬭎"))
    assert [high for _, high, _ in pictures(slip) if high > 2] == [30]
    assert "首问负责" not in running_text(slip, PAPER_80)
    assert "咨询电话  12393" in running_text(slip, PAPER_80)


@pytest.mark.parametrize("profile", PAPERS)
def test_every_item_of_the_shipped_list_is_printed_whole_and_fits(profile, catalogue):
    for item in catalogue.items:
        told = tuple(NoticeLine(m.name, m.original, m.copies, m.where, m.notes) for m in item.materials)
        slip = slip_of(replace(NOTICE, missing=told, conditions=item.conditions), item=item, profile=profile)
        text = "".join(running_text(slip, profile).split())
        assert all(line.columns <= profile.columns for line in lines(slip, profile))
        for words in (item.name, item.limit_text, "；".join(item.basis), *item.conditions):
            assert "".join(words.split()) in text
        for line in told:
            assert all("".join(words.split()) in text for words in (line.name, line.where, line.notes))


@pytest.mark.parametrize("profile", PAPERS)
@settings(max_examples=15)
@given(name=SENTENCES, other=SENTENCES)
def test_no_line_is_wider_than_the_paper_whatever_is_entered(profile, name, other):
    line = NoticeLine(name, True, 3, other, name)
    slip = notice_slip(
        replace(NOTICE, missing=(line,) * 3, received=(line,), remark=other, reason=name, conditions=(name, other)),
        replace(ITEM, name=name, basis=(other,), limit_text=name), replace(HALL, name=name, address=other, hours=name),
        replace(STAFF, name=name, phone=other), Rules(), profile,
    )
    assert all(line.columns <= profile.columns for line in lines(slip, profile))
