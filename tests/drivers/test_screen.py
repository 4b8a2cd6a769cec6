import contextlib
import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from drivers import escpos
from drivers.commands import CommandReader
from drivers.errors import UnknownCommand, Unreachable
from drivers.escpos import PAPER_58, PAPER_80, PrinterProfile
from drivers.paper import BOTTOM_MARGIN, LINE_DOTS, SIDE_MARGIN, TOP_MARGIN, Paper
from drivers.screen import ScreenPrinter, render
from drivers.status import Condition
from drivers.typeface import Typeface
from tests.drivers.conftest import FONT

FULL = PrinterProfile(rom="GB18030")
TYPEFACE = Typeface(FONT)


def line(text, profile=PAPER_80):
    return escpos.text_bytes(text, profile.rom) + escpos.LF


def ink(picture):
    """Left, top, right and bottom of what is printed, counted from the printable corner."""
    left, top, right, bottom = ImageChops.invert(picture).getbbox()
    return left - SIDE_MARGIN, top - TOP_MARGIN, right - SIDE_MARGIN, bottom - TOP_MARGIN


def one(data, font, profile=PAPER_80):
    (picture,) = render(escpos.START + data, profile, font)
    return picture


def heights(picture):
    return picture.height - TOP_MARGIN - BOTTOM_MARGIN


def test_each_cut_ends_a_picture_and_the_rest_is_one_more(font):
    data = escpos.START + line("一") + escpos.cut() + line("二") + escpos.cut() + line("三")
    assert len(render(data, PAPER_80, font)) == 3
    assert render(escpos.START + escpos.cut(), PAPER_80, font) == []


@pytest.mark.parametrize(("profile", "wide"), [(PAPER_80, 640), (PAPER_58, 448)])
def test_the_paper_is_as_wide_as_the_real_one(font, profile, wide):
    assert one(line("医保"), font, profile).width == wide


@pytest.mark.parametrize("profile", [PAPER_80, PAPER_58])
@pytest.mark.parametrize("char", ["医", "W"])
def test_a_full_line_fits_and_one_character_more_wraps(font, profile, char):
    count = profile.columns // escpos.width(char)
    assert heights(one(line(char * count, profile), font, profile)) == LINE_DOTS
    assert heights(one(line(char * (count + 1), profile), font, profile)) == 2 * LINE_DOTS


def test_size_enlarges_chinese_and_ascii_alike(font):
    for text in ("医", "A"):
        _, top, right, bottom = ink(one(line(text), font))
        _, big_top, big_right, big_bottom = ink(one(escpos.size(4, 4) + line(text), font))
        assert big_right == pytest.approx(4 * right, abs=6)
        assert big_bottom - big_top == pytest.approx(4 * (bottom - top), abs=6)


def test_alignment_moves_the_line(font):
    left, middle, right = (ink(one(escpos.align(side) + line("医保"), font)) for side in ("left", "center", "right"))
    assert left[0] < 5
    assert abs(middle[0] + middle[2] - 576) < 6
    assert right[2] > 571


def test_bold_is_heavier_and_underline_reaches_under_chinese_and_ascii(font):
    plain, bold, under = (
        one(setting + line("医A"), font) for setting in (b"", escpos.bold(True), escpos.underline(True))
    )
    assert sum(bold.histogram()[:128]) > 1.1 * sum(plain.histogram()[:128])
    bottom = under.crop((SIDE_MARGIN, TOP_MARGIN + 22, SIDE_MARGIN + 36, TOP_MARGIN + 24))
    assert bottom.getextrema() == (0, 0)


def test_resetting_the_printer_ends_all_settings(font):
    settings = escpos.size(3, 3) + escpos.bold(True) + escpos.underline(True) + escpos.align("right")
    assert one(settings + escpos.START + line("医保"), font) == one(line("医保"), font)


def test_feeds_move_the_paper(font):
    assert heights(one(line("医") + escpos.feed(3), font)) == 4 * LINE_DOTS
    assert heights(one(escpos.text_bytes("医") + escpos.feed(3), font)) == 3 * LINE_DOTS
    assert heights(one(line("医") + escpos.feed_dots(7), font)) == LINE_DOTS + 7
    assert heights(one(line("医") + escpos.LF, font)) == 2 * LINE_DOTS


def test_beeping_prints_nothing(font):
    assert one(line("医") + escpos.beep(), font) == one(line("医"), font)


def test_a_picture_is_printed_dot_for_dot(font):
    picture = Image.new("1", (64, 300), 1)
    picture.paste(0, (8, 130, 24, 290))
    drawn = one(escpos.raster(picture), font)
    assert ink(drawn) == (8, 130, 24, 290)
    assert heights(drawn) == 300


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("profile", [PAPER_80, PAPER_58])
def test_a_printed_qr_code_reads_back(font, profile, native):
    data = (
        line("医保", profile) + escpos.align("center") + escpos.qr("A012-20261123", 6, native=native) + escpos.feed(2)
    )
    (found,) = zxingcpp.read_barcodes(one(data, font, profile))
    assert found.text == "A012-20261123"


@pytest.mark.parametrize("profile", [PAPER_80, PAPER_58])
@pytest.mark.parametrize("content", ["N20261123-0007", "A012", "1234567", "00990099", "a{Bb", "~ !"])
def test_a_printed_barcode_reads_back(font, profile, content):
    data = escpos.align("center") + escpos.barcode(content, profile) + escpos.feed(1)
    (code,) = zxingcpp.read_barcodes(one(data, font, profile))
    assert (code.format, code.text) == (zxingcpp.BarcodeFormat.Code128, content)


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"\x1bZ", "1b 5a"),
        (b"\x1d(L\x02\x00", "1d 28"),
        (b"\x1dVC\x00", "1d 56 43"),
        (b"\x1dk\x04\x01A", "CODE128"),
        (b"\x1d(k\x03\x000C\x03", "1d 28 6b"),
        (b"\x07", "07"),
        (b"\x10\x04\x01", "10 04 01"),
        (b"\x1dv0\x00\x02", "1d 76 30"),
        (b"\x1b@\xd2\xbd", "before FS &"),
        (b"\x1dkI\x02A0", "barcode data"),
    ],
)
def test_what_is_no_part_of_a_slip_is_named(font, data, named):
    with pytest.raises(UnknownCommand, match=named):
        one(data, font)


@given(st.text(max_size=60), st.integers(1, 4), st.integers(1, 4), st.sampled_from(["left", "center", "right"]))
@settings(max_examples=60)
def test_any_text_that_the_language_can_say_is_drawn_inside_the_paper(text, wide, high, side):
    printable = "".join(char for char in text if not escpos.outside(char, "GB18030"))
    paper = Paper(FULL, TYPEFACE)
    setup = escpos.START + escpos.align(side) + escpos.size(wide, high)
    for command in CommandReader().feed(setup + escpos.text_bytes(printable, "GB18030") + escpos.LF):
        paper.obey(command)
    paper.end_slip()
    (picture,) = paper.slips
    box = ImageChops.invert(picture).getbbox()
    assert box is None or (box[0] >= SIDE_MARGIN and box[2] <= SIDE_MARGIN + 576)


COMMANDS = [
    b"\x1b@",
    b"\x1c&",
    b"\x1ba",
    b"\x1d!",
    b"\x1dkI\x04{B",
    b"\x1d(k\x03\x001",
    b"\x1dv0\x00\x01\x00\x01\x00",
    b"\n",
]


@given(st.lists(st.sampled_from(COMMANDS) | st.binary(max_size=4), max_size=12))
def test_whatever_bytes_come_they_are_drawn_or_refused(pieces):
    paper = Paper(PAPER_80, TYPEFACE)
    for command in CommandReader().feed(escpos.START + b"".join(pieces)):
        with contextlib.suppress(UnknownCommand):
            paper.obey(command)
    paper.end_slip()


def test_a_character_that_the_printer_does_not_hold_is_seen_to_be_missing(font):
    code = escpos.START + "㛃".encode("gb18030") + escpos.LF
    held, missing = (render(code, profile, font)[0] for profile in (FULL, PAPER_80))
    assert held != missing


# -- the printer


def test_slips_are_saved_under_the_next_number_and_nothing_else_is_left(tmp_path, font):
    printer = ScreenPrinter(tmp_path / "slips", PAPER_80, font)
    slip = escpos.START + line("医保") + escpos.cut()
    assert printer.print(slip).condition is Condition.DRAWN
    printer.print(slip * 2)
    assert sorted(path.name for path in (tmp_path / "slips").iterdir()) == [
        "slip-0001.png",
        "slip-0002.png",
        "slip-0003.png",
    ]
    with Image.open(tmp_path / "slips" / "slip-0003.png") as saved:
        assert saved.tobytes() == render(slip, PAPER_80, font)[0].tobytes()
    printer.close()


def test_a_slip_on_its_way_is_drawn_when_it_is_there_and_nothing_without_one(tmp_path, font):
    printer = ScreenPrinter(tmp_path, PAPER_80, font)
    printer.print_next(lambda: b"")
    assert list(tmp_path.iterdir()) == []
    printer.print_next(lambda: escpos.START + line("医保"))
    assert [path.name for path in tmp_path.iterdir()] == ["slip-0001.png"]


def test_of_the_slips_of_a_hall_without_a_printer_the_last_ones_stay(tmp_path, font, monkeypatch):
    monkeypatch.setattr("drivers.screen.KEPT", 3)
    (tmp_path / "notes.txt").touch()
    printer = ScreenPrinter(tmp_path, PAPER_80, font)
    for _ in range(5):
        printer.print(escpos.START + line("医保"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "notes.txt", "slip-0003.png", "slip-0004.png", "slip-0005.png"]


def test_a_number_that_another_process_is_writing_is_left_to_it(tmp_path, font):
    (tmp_path / ".slip-0001.part").touch()
    (tmp_path / "slip-0007.txt").touch()
    ScreenPrinter(tmp_path, PAPER_80, font).print(escpos.START + line("医保"))
    assert [path.name for path in tmp_path.glob("*.png")] == ["slip-0002.png"]


def test_stations_that_share_a_folder_lose_no_slip(tmp_path, font):
    slip = escpos.START + line("医保") + escpos.cut()
    printers = [ScreenPrinter(tmp_path, PAPER_80, font) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda printer: [printer.print(slip) for _ in range(8)], printers))
    assert len(list(tmp_path.glob("*.png"))) == 32
    assert list(tmp_path.glob("*.part")) == []


def test_a_folder_that_takes_no_file_is_unreachable(tmp_path, font):
    (tmp_path / "file").touch()
    with pytest.raises(Unreachable, match="file"):
        ScreenPrinter(tmp_path / "file" / "slips", PAPER_80, font).print(escpos.START + line("医保"))


def test_a_bad_slip_saves_no_picture(tmp_path, font):
    with pytest.raises(UnknownCommand):
        ScreenPrinter(tmp_path / "slips", PAPER_80, font).print(line("A") + escpos.cut() + b"\x1bZ")
    assert not (tmp_path / "slips").exists()


def test_a_printer_of_another_width_draws_on_that_width(font):
    profile = dataclasses.replace(PAPER_80, dots=512, columns=42)
    assert heights(one(line("A" * 42), font, profile)) == LINE_DOTS
