import logging

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from drivers import escpos
from drivers.errors import BadSetting, NotInCharset
from drivers.escpos import PAPER_58, PAPER_80, PAPER_80_NARROW, PrinterProfile


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """python-escpos as an independent encoder, writing into memory. Importing it adds a root log handler and a folder
    with its printer profiles."""
    handlers = list(logging.root.handlers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESCPOS_CAPABILITIES_PICKLE_DIR", str(tmp_path_factory.mktemp("escpos")))
        from escpos.printer import Dummy
    logging.root.handlers[:] = handlers

    def encode(command, *args, **more):
        printer = Dummy(profile="TM-T20II")
        getattr(printer, command)(*args, **more)
        return bytes(printer.output)

    return encode


def test_a_slip_starts_by_resetting_the_printer_and_switching_chinese_on():
    assert bytes.fromhex("1b40 1c26") == escpos.START


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("请到1号窗口", "c7eb b5bd 31 bac5 b4b0 bfda"),
        ("：（）", "a3ba a3a8 a3a9"),
        ("\u3000", "a1a1"),
        ("￥10", "a3a4 3130"),
        ("25℃", "3235 a1e6"),
        ("——", "a1aa a1aa"),
        ("·", "a1a4"),
        ("é", "a8a6"),
        ("A012", "41303132"),
    ],
)
def test_text_goes_out_as_raw_gb_code_whatever_characters_are_beside_it(text, code):
    assert escpos.text_bytes(text) == bytes.fromhex(code)


@pytest.mark.parametrize(
    ("rom", "outside"),
    [("GB18030", "\ue000\ud800"), ("GBK", "㛃䶮𬭎\ue000\ud800"), ("GB2312", "㛃䶮𬭎龍\ue000\ud800")],
)
def test_characters_outside_the_printers_set_are_told_in_order_and_once(rom, outside):
    assert escpos.outside("㛃王䶮𬭎A龍淼é\ue000㛃\ud800", rom) == outside


def test_a_gb18030_printer_gets_the_codes_of_rare_names():
    assert escpos.text_bytes("㛃𬭎䶮", "GB18030") == bytes.fromhex("8230b731 9933a932 fe9f")


@pytest.mark.parametrize("text", ["——", "·", "…", "～", "“”", "￥", "①"])
def test_a_gb2312_printer_knows_the_punctuation_that_pythons_codec_names_otherwise(text):
    assert escpos.outside(text, "GB2312") == ""


@pytest.mark.parametrize("text", ["王𬭎", "\ud800", "ｱ"])
def test_text_that_cannot_be_printed_is_refused_with_its_characters(text):
    with pytest.raises(NotInCharset) as refused:
        escpos.text_bytes(text)
    assert refused.value.characters == escpos.outside(text, "GBK") == text[-1]


def test_a_command_hidden_in_text_is_taken_out():
    assert escpos.text_bytes("a\x1b@b\tc\nd\x00\x7f\x85\xa0e\u200bf\ufeff") == b"a @b c d    ef"


@given(st.text(), st.sampled_from(["GB18030", "GBK", "GB2312"]))
def test_text_never_holds_a_control_byte_and_takes_the_columns_it_says(text, rom):
    printable = "".join(char for char in text if not escpos.outside(char, rom))
    code = escpos.text_bytes(printable, rom)
    assert not [byte for byte in code if byte < 0x20 or byte == 0x7F]
    four_byte = sum(len(char.encode("gb18030")) == 4 for char in code.decode("gb18030"))
    assert escpos.width(printable) == len(code) - 2 * four_byte


def test_a_printers_set_is_a_subset_of_the_next_larger_one_with_the_same_codes():
    chars = [chr(code) for code in range(0x20, 0x10000) if not 0xD800 <= code < 0xE000]
    small, middle, large = (
        {char for char in chars if not escpos.outside(char, rom)} for rom in ("GB2312", "GBK", "GB18030")
    )
    assert small < middle < large
    assert len(middle) > 21000
    for char in middle:
        if not char.isspace() and char.isprintable():
            assert char.encode("gbk", "ignore") in (b"", escpos.text_bytes(char))


@pytest.mark.parametrize(
    ("text", "columns"), [("A012", 4), ("医保", 4), ("（）", 4), ("é1", 3), ("e\u0301", 1), ("", 0)]
)
def test_a_chinese_or_full_width_character_takes_two_columns(text, columns):
    assert escpos.width(text) == columns


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (escpos.size(), "1d21 00"),
        (escpos.size(2, 2), "1d21 11"),
        (escpos.size(8, 3), "1d21 72"),
        (escpos.underline(True), "1b2d 01 1c2d 01"),
        (escpos.underline(False), "1b2d 00 1c2d 00"),
        (escpos.bold(True), "1b45 01"),
        (escpos.align("left"), "1b61 00"),
        (escpos.align("center"), "1b61 01"),
        (escpos.align("right"), "1b61 02"),
        (escpos.feed(3), "1b64 03"),
        (escpos.feed_dots(40), "1b4a 28"),
        (escpos.beep(2, 3), "1b42 02 03"),
        (escpos.cut(PAPER_80), "1d56 42 00"),
        (escpos.cut(PrinterProfile(cutter="full")), "1d56 41 00"),
        (escpos.cut(PAPER_58), "1b64 04"),
        (escpos.bar(576, 2), "1d7630 00 4800 0200" + "ff" * 144),
        (escpos.ASK_DONE, "1d72 01"),
        (b"".join(escpos.ASK_REALTIME), "100401 100402 100403 100404"),
    ],
)
def test_commands_are_the_documented_bytes(command, code):
    assert command == bytes.fromhex(code)


@pytest.mark.parametrize("wide_high", [(0, 1), (9, 1), (1, 0), (1, 9)])
def test_a_size_the_printer_does_not_have_is_refused(wide_high):
    with pytest.raises(ValueError, match="outside 1"):
        escpos.size(*wide_high)


def test_a_native_qr_code_is_the_documented_bytes():
    assert escpos.qr("A012", 6) == b"".join(
        b"\x1d(k" + function
        for function in (b"\x04\x001A2\x00", b"\x03\x001C\x06", b"\x03\x001E1", b"\x07\x001P0A012", b"\x03\x001Q0")
    )


def test_a_printer_without_qr_codes_gets_a_readable_picture():
    code = escpos.qr("A012", 4, native=False)
    wide = int.from_bytes(code[4:6], "little") * 8
    assert code.startswith(b"\x1dv0\x00")
    assert [found.text for found in zxingcpp.read_barcodes(escpos.qr_image("A012", 4))] == ["A012"]
    assert wide >= escpos.qr_image("A012", 4).width


@pytest.mark.parametrize("content", ["", "医保"])
def test_a_qr_code_that_scanners_would_misread_is_refused(content):
    with pytest.raises(ValueError, match="ASCII"):
        escpos.qr(content)


def test_a_barcode_uses_the_dense_set_for_runs_of_digits():
    assert escpos.barcode("N20261123-0007", PAPER_80, 60) == (
        b"\x1dh\x3c\x1dw\x03\x1df\x00\x1dH\x02\x1dkI\x10{BN{C\x14\x1a\x0b\x17{B-{C\x00\x07"
    )


def test_a_barcode_gets_thinner_bars_on_narrow_paper():
    assert b"\x1dw\x02" in escpos.barcode("N20261123-0007", PAPER_58)


def test_a_brace_in_a_barcode_is_not_taken_for_a_code_set():
    assert escpos.barcode("a{Cb").endswith(b"{Ba{{Cb")


@pytest.mark.parametrize("content", ["", "医保", "tab\t", "x" * 40])
def test_a_barcode_that_the_paper_or_the_code_cannot_hold_is_refused(content):
    with pytest.raises(ValueError, match="barcode"):
        escpos.barcode(content, PAPER_58)


def test_a_picture_goes_out_in_strips_with_dark_as_ink(capsys):
    picture = Image.new("1", (20, 300), 1)
    picture.putpixel((0, 0), 0)
    picture.putpixel((19, 299), 0)
    code = escpos.raster(picture)
    strips = []
    while code:
        assert code[:4] == b"\x1dv0\x00"
        wide, high = int.from_bytes(code[4:6], "little"), int.from_bytes(code[6:8], "little")
        strips.append((wide, high, code[8 : 8 + wide * high]))
        code = code[8 + wide * high :]
    assert [(wide, high) for wide, high, _ in strips] == [(3, 128), (3, 128), (3, 44)]
    ink = b"".join(rows for _, _, rows in strips)
    assert ink == b"\x80" + bytes(898) + b"\x10"
    assert capsys.readouterr() == ("", "")


def test_a_picture_as_wide_as_80_mm_paper_keeps_its_width():
    assert escpos.raster(Image.new("1", (576, 1))) == escpos.bar(576, 1)


def test_gray_is_ink_from_the_middle_on_and_never_dithered():
    picture = Image.new("L", (8, 2))
    picture.putdata([0, 100, 127, 128, 200, 255, 0, 255] * 2)
    assert escpos.raster(picture).endswith(b"\xe2\xe2")


@pytest.mark.parametrize("size", [(576, 128), (384, 300), (17, 5)])
def test_an_independent_encoder_makes_the_same_bytes_of_a_picture(other, size):
    picture = Image.effect_noise(size, 90).convert("1")
    assert escpos.raster(picture) == other("image", picture, fragment_height=escpos.STRIP_ROWS)


@pytest.mark.parametrize(("content", "module"), [("T20261123A012", 6), ("https://example.cn/a?b=" + "c" * 300, 3)])
def test_an_independent_encoder_makes_the_same_bytes_of_a_native_qr_code(other, content, module):
    assert escpos.qr(content, module) == other("qr", content, ec=1, size=module, native=True)


@pytest.mark.parametrize("content", ["A012", "N20261123-0007", "a{Cb"])
def test_an_independent_encoder_makes_the_same_bytes_of_a_barcode(other, content, capsys):
    data = escpos.barcode(content)
    coded = data[data.index(b"\x1dkI") + 4 :].decode()
    assert data == other("_hw_barcode", coded, "CODE128", 80, 3, function_type="B", align_ct=False, check=False)
    capsys.readouterr()


# -- what a printer is


def test_the_defaults_are_an_80_mm_printer_with_the_usual_chinese_set():
    assert (PAPER_80.dots, PAPER_80.columns, PAPER_80.rom, PAPER_80.cutter) == (576, 48, "GBK", "partial")
    assert (PAPER_80_NARROW.dots, PAPER_80_NARROW.columns) == (512, 42)
    assert (PAPER_58.dots, PAPER_58.columns, PAPER_58.cutter) == (384, 32, "none")


@pytest.mark.parametrize(
    ("dots", "columns", "key"), [(570, 42, "dots"), (512, 48, "dots"), (384, 12, "columns"), (2048, 48, "dots")]
)
def test_a_head_that_cannot_be_is_refused_by_its_setting(dots, columns, key):
    with pytest.raises(BadSetting) as refused:
        PrinterProfile(dots=dots, columns=columns)
    assert refused.value.key == key
