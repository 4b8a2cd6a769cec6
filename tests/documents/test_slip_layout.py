import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageChops

from drivers.escpos import PAPER_58, PAPER_80, START, PrinterProfile, cut, width
from drivers.screen import render
from hallapp.documents.fonts import font_file
from hallapp.documents.picture_lines import LINE_HEIGHT, picture_line
from hallapp.documents.slip_layout import NEVER_FIRST, NEVER_LAST, Slip, wrap
from tests.documents.slip_reader import lines, pictures, scanned

WORDS = ["医保，", "参保登记", "身份证、", "（原件）", "CT、", "MRI-2，", "医保办函〔2021〕11号；", "“是”",
         "《办法》第三条。", " "]
PAPERS = [PAPER_58, PrinterProfile(dots=512, columns=42), PAPER_80]


def test_a_paragraph_breaks_where_the_next_character_would_not_fit():
    assert wrap("医保电子凭证", 8) == ["医保电子", "凭证"]
    assert wrap("医保电子凭证", 9) == ["医保电子", "凭证"]


def test_closing_marks_go_with_the_character_before_and_opening_marks_with_the_one_after():
    assert wrap("身份证，户口簿", 6) == ["身份", "证，户", "口簿"]
    assert wrap("凭证（原件）", 6) == ["凭证", "（原", "件）"]


def test_a_word_is_not_cut_unless_it_is_longer_than_the_line():
    assert wrap("检查 MRI-2 报告", 7) == ["检查", "MRI-2", "报告"]
    assert wrap("ABCDEFGHIJ", 4) == ["ABCD", "EFGH", "IJ"]


def test_a_line_break_in_the_text_stays_one_and_no_text_is_one_empty_line():
    assert wrap("先到医院\n再来窗口", 40) == ["先到医院", "再来窗口"]
    assert wrap("", 40) == [""]


def test_a_space_at_the_end_of_a_full_line_adds_no_line():
    assert wrap("医保 ", 4) == ["医保"]
    assert wrap("医保 凭证 ", 4) == ["医保", "凭证"]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(2, 48))
def test_any_text_fits_and_loses_nothing_but_spaces(text, columns):
    broken = wrap(text, columns)
    assert all(width(line) <= columns for line in broken)
    assert "".join("".join(broken).split()) == "".join(text.split())


@given(st.lists(st.sampled_from(WORDS)).map("".join), st.integers(12, 48))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(text, columns):
    broken = wrap(text, columns)
    assert not [line for line in broken if line and (line[0] in NEVER_FIRST or line[-1] in NEVER_LAST)]


@given(st.lists(st.sampled_from(WORDS)).map("".join), st.integers(12, 48))
def test_no_paper_is_spent_on_breaking_well(text, columns):
    """10: the longest that must stay together; every line but the last is at least two thirds full but for that."""
    broken = wrap(text, columns)
    assert all(width(before) > columns * 2 // 3 - 10 for before in broken[:-1])
    assert len(broken) <= 1 + width(text) // (columns - 9)


@pytest.mark.parametrize(("text", "columns", "lines"), [
    ("请在等候区就座，听广播或看叫号屏，叫到您的号码再到窗口办理。", 48,
     ["请在等候区就座，听广播或看叫号屏，", "叫到您的号码再到窗口办理。"]),
    ("有效身份证件、社会保障卡（任一）", 30, ["有效身份证件、社会保障卡", "（任一）"]),
    ("周一至周五 上午8:30—11:30，下午13:30—17:00", 38, ["周一至周五 上午8:30—11:30，", "下午13:30—17:00"]),
    ("符合资助条件的救助对象个人缴费补贴", 32, ["符合资助条件的救助对象个人缴费", "补贴"]),
    ("符合资助条件的救助对象个人缴费补贴款", 34, ["符合资助条件的救助对象个人缴费补", "贴款"]),
])
def test_lines_end_at_pauses_times_stay_whole_and_no_sign_is_left_over(text, columns, lines):
    assert wrap(text, columns) == lines


@pytest.mark.parametrize("profile", PAPERS)
@settings(max_examples=30)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60), scale=st.integers(1, 6))
def test_whatever_is_printed_no_line_is_wider_than_the_paper(profile, text, scale):
    slip = Slip(profile)
    slip.text(text, scale=scale)
    slip.text(text, mark="办理事项  ")
    slip.headline(text, 6)
    done = slip.done()
    assert all(line.columns <= profile.columns for line in lines(done, profile))
    assert all(profile.dots <= wide < profile.dots + 8 for wide, _, _ in pictures(done))


def test_a_slip_resets_the_printer_once_and_ends_with_a_cut():
    slip = Slip(PAPER_80)
    slip.text("医保")
    slip.text("凭证")
    assert slip.done() == START + "医保\n凭证\n".encode("gbk") + cut(PAPER_80)


def test_the_printer_is_told_only_what_changes_and_is_plain_again_afterwards():
    slip = Slip(PAPER_80)
    slip.text("大", scale=2, bold=True, side="center")
    slip.text("大", scale=2, bold=True, side="center")
    slip.text("小")
    assert slip.done() == (
        START + b"\x1ba\x01\x1d!\x11\x1bE\x01" + "大\n大\n".encode("gbk")
        + b"\x1ba\x00\x1d!\x00\x1bE\x00" + "小\n".encode("gbk") + cut(PAPER_80)
    )


def test_the_lines_of_a_paragraph_hang_behind_its_mark():
    slip = Slip(PAPER_58)
    slip.text("户籍、学籍、长期居住、资助参保、监护关系", mark="10. ")
    assert [line.text for line in lines(slip.done(), PAPER_58)] == [
        "10. 户籍、学籍、长期居住、",
        "    资助参保、监护关系",
    ]


@pytest.mark.parametrize(
    ("text", "most", "scale"),
    [("A012", 6, 6), ("A1234", 8, 6), ("慢特病与照护保险", 2, 2), ("上冈镇为民服务中心医保服务厅", 2, 1)],
)
def test_a_headline_is_as_large_as_it_fits_one_line(text, most, scale):
    slip = Slip(PAPER_58)
    slip.headline(text, most)
    (line,) = lines(slip.done(), PAPER_58)
    assert (line.text, line.wide, line.high, line.bold, line.side) == (text, scale, scale, True, "center")


@pytest.mark.parametrize(("rom", "name"), [("GBK", "王𬭎"), ("GBK", "㛃"), ("GB2312", "朱镕基")])
def test_a_line_the_printer_has_no_characters_for_is_drawn_and_its_neighbours_are_not(rom, name):
    profile = PrinterProfile(rom=rom)
    slip = Slip(profile)
    slip.text("申请人")
    slip.text(f"姓名{name}")
    slip.text("签字")
    assert [line.text for line in lines(slip.done(), profile)] == ["申请人", "签字"]
    ((wide, high, rows),) = pictures(slip.done())
    assert (wide, high) == (576, LINE_HEIGHT)
    assert any(rows)


def test_a_drawn_headline_is_as_large_and_bold_as_a_printed_one():
    slip = Slip(PAPER_80)
    slip.headline("䶮江", 2)
    slip.text("䶮江", scale=2)
    (wide, high, bold), (_, _, plain) = pictures(slip.done())
    assert (wide, high) == (576, 48)
    assert sum(map(int.bit_count, bold)) > 1.2 * sum(map(int.bit_count, plain)) > 500


def test_a_gb18030_printer_prints_rare_names_itself():
    profile = PrinterProfile(rom="GB18030")
    slip = Slip(profile)
    slip.text("王𬭎㛃")
    assert [line.text for line in lines(slip.done(), profile)] == ["王𬭎㛃"]
    assert not pictures(slip.done())


@pytest.mark.parametrize("side", ["left", "center", "right"])
@pytest.mark.parametrize("scale", [1, 2, 4])
def test_a_drawn_line_stands_where_the_printer_would_set_it(side, scale):
    drawn = picture_line("医保A012", PAPER_80, font_file(), scale=scale, side=side)
    slip = Slip(PAPER_80)
    slip.text("医保A012", scale=scale, side=side)
    (paper,) = render(slip.done(), PAPER_80, font_file())
    printed = paper.crop((32, 48, 32 + 576, 48 + drawn.height))
    for one, other in zip(ImageChops.invert(drawn).getbbox(), ImageChops.invert(printed).getbbox(), strict=True):
        assert abs(one - other) <= 4 * scale


def test_every_character_of_a_drawn_line_leaves_ink_in_its_own_cell():
    picture = picture_line("王㛃𬭎A1", PAPER_58, font_file())
    cells = [(0, 24), (24, 48), (48, 72), (72, 84), (84, 96)]
    assert all(ImageChops.invert(picture.crop((left, 0, right, 30))).getbbox() for left, right in cells)
    assert ImageChops.invert(picture.crop((100, 0, 384, 30))).getbbox() is None


def test_control_and_format_characters_in_a_drawn_line_leave_no_mark():
    assert picture_line("王\u200b\x00㛃", PAPER_58, font_file()).tobytes() == (
        picture_line("王 㛃", PAPER_58, font_file()).tobytes()
    )


@pytest.mark.parametrize("profile", PAPERS)
def test_a_rule_is_a_thin_line_from_edge_to_edge(profile):
    slip = Slip(profile)
    slip.rule()
    assert pictures(slip.done()) == [(profile.dots, 2, b"\xff" * (profile.dots // 8 * 2))]


@pytest.mark.parametrize("profile", [*PAPERS, PrinterProfile(native_qr=False)])
def test_codes_stand_in_the_middle_and_read_back(profile):
    slip = Slip(profile)
    slip.text("大", scale=3, bold=True)
    slip.qr("T20261123A012")
    slip.space(60)
    slip.barcode("N20261123001")
    slip.text("左")
    done = slip.done()
    assert sorted(scanned(done, profile).values()) == ["N20261123001", "T20261123A012"]
    assert lines(done, profile)[-1].side == "left"
    (paper,) = render(done, profile, font_file())
    codes = ImageChops.invert(paper.crop((0, 48 + 72, paper.width, paper.height - 64 - 30 - 150))).getbbox()
    assert abs(codes[0] + codes[2] - paper.width) <= 4


def test_a_part_made_once_is_pasted_into_a_slip_as_if_laid_out_there():
    def advise(slip):
        slip.text("请就座", bold=True)
        slip.space(8)
        slip.text("听广播", side="center")

    part, pasted, plain = Slip(PAPER_80), Slip(PAPER_80), Slip(PAPER_80)
    advise(part)
    for slip in (pasted, plain):
        slip.headline("A012", 6)
    pasted.paste(part.part())
    advise(plain)
    for slip in (pasted, plain):
        slip.headline("再见", 2)
    assert lines(pasted.done(), PAPER_80) == lines(plain.done(), PAPER_80)
    assert render(pasted.done(), PAPER_80, font_file()) == render(plain.done(), PAPER_80, font_file())


def test_a_printer_with_a_buzzer_calls_once_before_it_cuts():
    slip = Slip(PrinterProfile(buzzer=True))
    slip.text("A012")
    assert slip.done() == START + b"A012\n" + b"\x1bB\x01\x02" + cut(PAPER_80)


@pytest.mark.parametrize(
    "name", ["江苏省盐城市建湖县上冈镇为民服务中心", "上冈镇（街道）便民服务中心医疗保障综合服务窗口"])
def test_a_headline_too_long_for_a_line_is_set_in_lines_of_about_one_length(name):
    slip = Slip(PAPER_58)
    slip.headline(name, 1)
    printed = lines(slip.done(), PAPER_58)
    assert "".join(line.text for line in printed) == name
    assert len(printed) == 2
    assert all(line.columns <= PAPER_58.columns for line in printed)
    assert max(line.columns for line in printed) - min(line.columns for line in printed) <= 4


def test_a_headline_parts_no_bracket_that_it_can_keep_whole():
    slip = Slip(PAPER_80)
    slip.headline("南通市海门区三厂工业园区（三厂街道）便民服务中心医疗保障服务大厅", 1)
    assert [line.text for line in lines(slip.done(), PAPER_80)] == [
        "南通市海门区三厂工业园区（三厂街道）", "便民服务中心医疗保障服务大厅"]


@pytest.mark.parametrize(("text", "printed"), [
    ("职工参保登记（灵活就业人员参保登记）", ["职工参保登记", "（灵活就业人员参保登记）"]),
    ("符合资助条件的救助对象参加城乡居民基本医疗保险个人缴费补贴",
     ["符合资助条件的救助对象参加城乡", "居民基本医疗保险个人缴费补贴"]),
])
def test_a_centered_name_leaves_no_last_characters_alone(text, printed):
    slip = Slip(PAPER_58)
    slip.text(text, side="center")
    assert [line.text for line in lines(slip.done(), PAPER_58)] == printed


@pytest.mark.parametrize(("text", "columns"), [
    ("过号后30分钟内告诉工作人员，可恢复排队1次，排在前3人之后。", 42),
    ("身份证复印件和户口簿复印件各2份（均要）", 29),
])
def test_a_number_keeps_what_it_counts(text, columns):
    ends = [line[-1] for line in wrap(text, columns)[:-1]]
    assert ends
    assert not any(end.isdecimal() for end in ends)
