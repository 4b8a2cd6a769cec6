"""The report on paper: the panel, Qt's way and CUPS' way, pages, copies, stopping, and a PC without a printer."""

import io
import threading

import pdfplumber
import pypdfium2
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from hallapp.devices.office import LpOffice, PrintOrder
from hallapp.domain.errors import OfficePrintFailed
from hallapp.ui.supervisor.sheets import PRINT_DPI, QtOffice, print_sheets
from hallapp.ui.widgets.pdf_pages import pages_of
from tests.devices.office_commands import install
from tests.ui.supervisor.test_supervisor import busy, opened, press, signed  # noqa: F401
from tests.ui.test_windows import overlapping

PAGES = 4


@pytest.fixture(scope="module")
def pdf():
    """Four A4 pages; page n has a black square n tenths down."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for page in range(1, PAGES + 1):
        canvas.rect(250, A4[1] * (1 - page / 10) - 40, 80, 40, fill=1)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def paper(path):
    """A real QPrinter that prints into a file."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def squares(path):
    """For each sheet how many tenths down its square is."""
    document = pypdfium2.PdfDocument(path)
    try:
        found = []
        for sheet in document:
            assert sheet.get_size() == pytest.approx(A4, abs=1)
            picture = sheet.render(scale=0.5).to_pil().convert("L")
            left, top, _, _ = picture.point(lambda gray: 255 * (gray < 128)).getbbox()
            assert left == pytest.approx(125, abs=2)
            found.append(round(top / picture.height * 10))
        return found
    finally:
        document.close()


def draw(pdf, path, order, stop_after=PAGES * 9):
    """What print_sheets says and tells, on a printer whose sheets land in a file."""
    told, stop = [], threading.Event()

    def tell(done):
        told.append(done)
        if done == stop_after:
            stop.set()

    printer = paper(path)
    return print_sheets(printer, pdf, order, tell, stop), told


@pytest.mark.parametrize(("order", "sheets"), [
    (PrintOrder("x", 1, 4), [1, 2, 3, 4]), (PrintOrder("x", 2, 3), [2, 3]), (PrintOrder("x", 4, 4), [4]),
    (PrintOrder("x", 1, 2, copies=2), [1, 2, 1, 2]),
])
def test_the_chosen_pages_fill_their_sheets_in_order_and_set_by_set(qapp, pdf, tmp_path, order, sheets):
    assert draw(pdf, tmp_path / "out.pdf", order) == (len(sheets), list(range(1, len(sheets) + 1)))
    assert squares(tmp_path / "out.pdf") == sheets


def test_a_page_goes_out_at_300_dots_an_inch(qapp, pdf, tmp_path):
    draw(pdf, tmp_path / "out.pdf", PrintOrder("x", 1, 1))
    with pdfplumber.open(tmp_path / "out.pdf") as printed:
        (image,) = printed.pages[0].images
    assert image["srcsize"] == pytest.approx((A4[0] / 72 * PRINT_DPI, A4[1] / 72 * PRINT_DPI), abs=4)


def test_pages_are_drawn_one_at_a_time_when_they_are_asked_for(qapp, pdf):
    pages = pages_of(pdf, 20, [0, 99])
    assert not next(pages).isNull()
    with pytest.raises(pypdfium2.PdfiumError):
        next(pages)


def test_stopping_before_the_first_page_sends_no_blank_one(qapp, pdf, tmp_path):
    printer, stop = QPrinter(), threading.Event()
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    stop.set()
    assert print_sheets(printer, pdf, PrintOrder("x", 1, 4), lambda done: None, stop) == 0
    assert not (tmp_path / "out.pdf").exists()


def test_stopping_ends_it_before_the_next_page(qapp, pdf, tmp_path):
    assert draw(pdf, tmp_path / "out.pdf", PrintOrder("x", 1, 4), stop_after=2) == (2, [1, 2])


@pytest.mark.qt_log_ignore("QPainter::begin.*Returned false")
def test_a_printer_that_cannot_begin_is_told(qapp, pdf, tmp_path):
    with pytest.raises(OfficePrintFailed):
        draw(pdf, tmp_path / "no folder" / "out.pdf", PrintOrder("x", 1, 1))


# -- the panel


@pytest.fixture
def cups(tmp_path, monkeypatch):
    folder = tmp_path / "bin"
    install(folder)
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def asked(busy, signed, qtbot):  # noqa: F811
    """``asked()``: the supervisor pressed Ctrl+P on the report page; the window and the panel."""
    view, presenter = signed
    panel = presenter.report.panel

    def ask():
        press(view, "page-2")
        qtbot.keyClick(view, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: not panel.isHidden() and not shown(panel, "正在查找打印机…"))
        return view, panel

    return ask


def shown(panel, words):
    return any(words in one.text() for one in panel.findChildren(QLabel) if one.isVisible())


def test_ctrl_p_and_return_print_all_pages_on_the_usual_printer(cups, asked, qtbot):
    view, panel = asked()
    assert panel.printer.currentText() == "office"
    assert [panel.printer.itemText(place) for place in range(panel.printer.count())] == ["office", "upstairs"]
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "已送打印机：2 页" in view.message.sentence())
    assert panel.isHidden()
    assert (cups / "lp.log").read_text() == "-d office --\n"
    with pdfplumber.open(cups / "printed-1.pdf") as printed:
        assert "日办件量报表" in printed.pages[0].extract_text()


def test_pages_copies_and_printer_are_chosen_and_the_range_never_runs_backwards(cups, asked, qtbot):
    view, panel = asked()
    assert (panel.first.value(), panel.last.value()) == (1, 2)
    panel.printer.setCurrentText("upstairs")
    panel.first.setValue(2)
    panel.last.setValue(1)
    assert (panel.first.value(), panel.last.value()) == (1, 1)
    panel.first.setValue(2)
    assert (panel.first.value(), panel.last.value()) == (2, 2)
    panel.copies.setValue(2)
    with qtbot.waitSignal(panel.ordered) as ordered:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert ordered.args == [PrintOrder("upstairs", 2, 2, 2)]
    qtbot.waitUntil(lambda: "已送打印机：2 页" in view.message.sentence())


def test_escape_leaves_without_printing(cups, asked, qtbot):
    view, panel = asked()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert panel.isHidden()
    assert not (cups / "lp.log").exists()


def test_what_the_printer_complains_of_is_shown_with_what_to_do(cups, asked, qtbot):
    install(cups, ("broken",), "broken")
    view, panel = asked()
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "The printer or class does not exist" in view.message.sentence())
    assert "Ctrl+S" in view.message.sentence()
    assert panel.isHidden()


def test_escape_stops_a_printing_that_is_under_way(cups, asked, qtbot):
    install(cups, ("slow",), "slow")
    view, panel = asked()
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: (cups / "begun").exists())
    assert shown(panel, "正在送打印机，共 2 页")
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert shown(panel, "正在停止…")
    (cups / "go on").touch()
    qtbot.waitUntil(lambda: "已停止打印" in view.message.sentence())
    assert panel.isHidden()
    assert (cups / "cancelled").exists()


def test_a_pc_without_a_printer_offers_to_save_the_pdf_with_one_key(cups, asked, qtbot):
    install(cups, (), "")
    _view, panel = asked()
    assert shown(panel, "没有安装打印机")
    offered = []

    def look():  # the file dialog runs a loop of its own
        dialog = QApplication.activeModalWidget()
        offered.append(dialog.windowTitle())
        dialog.reject()

    QTimer.singleShot(0, look)
    press(panel, "save-instead")
    assert offered == ["保存日报表"]
    assert panel.isHidden()


def test_a_pc_without_cups_asks_qt(tmp_path, monkeypatch, asked):
    monkeypatch.setenv("PATH", str(tmp_path))
    _view, panel = asked()
    assert panel.printer.count() == len(QtOffice().printers())


def test_a_printer_that_has_gone_is_not_replaced_by_another(qapp, pdf, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = []
    with pytest.raises(OfficePrintFailed):
        QtOffice().print(pdf, PrintOrder("gone", 1, 1), told.append, threading.Event())
    assert told == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [(1093, 614), (1280, 720), (1366, 768), (1536, 864), (1920, 1080)])
def test_no_word_of_the_panel_is_cut(cups, asked, qtbot, size):
    view, panel = asked()
    view.resize(*size)
    for show in (lambda: panel.show_choice(("Canon-MF4700-Series-UFRII-LT",), 12), lambda: panel.show_choice((), 12),
                 lambda: panel.show_progress(3, 12), panel.show_asking):
        show()
        qtbot.wait(20)
        for one in [*panel.findChildren(QLabel), *panel.findChildren(QAbstractButton)]:
            if one.isVisible() and one.text() and not getattr(one, "wordWrap", bool)():
                assert one.sizeHint().width() <= one.width() + 1, one.text()
        assert overlapping(panel) == []


def raises(*_given):
    raise ZeroDivisionError


@pytest.mark.parametrize("method", ["printers", "print"])
def test_after_an_error_nobody_expected_one_can_print_again(cups, asked, qtbot, bugs, monkeypatch, method):
    view, panel = asked()
    was = getattr(LpOffice, method)
    monkeypatch.setattr(LpOffice, method, raises)
    if method == "print":
        qtbot.keyClick(view, Qt.Key.Key_Return)
    else:
        panel.hide()
        qtbot.keyClick(view, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "程序出错" in view.message.sentence())
    assert panel.isHidden()
    assert [type(bug) for bug in bugs] == [ZeroDivisionError]
    monkeypatch.setattr(LpOffice, method, was)
    asked()
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "已送打印机：2 页" in view.message.sentence())
