"""Printing through CUPS' commands, which are real processes here."""

import tempfile
import threading
from io import BytesIO

import pdfplumber
import pytest
from reportlab.pdfgen.canvas import Canvas

from hallapp.devices import office
from hallapp.devices.office import LpOffice, PrintOrder, find_lp
from hallapp.domain.errors import OfficePrintFailed
from tests.devices.office_commands import install


@pytest.fixture(scope="module")
def pdf():
    """Three pages with their number."""
    out = BytesIO()
    canvas = Canvas(out)
    for page in "123":
        canvas.drawString(100, 500, page)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def pages(file):
    with pdfplumber.open(file) as read:
        return [page.extract_text() for page in read.pages]


@pytest.fixture
def cups(tmp_path, monkeypatch):
    """The folder of the commands, alone on the PATH, and what they leave there."""
    folder = tmp_path / "bin"
    install(folder)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def printed(pdf, order, stop=None):
    told = []
    count = find_lp().print(pdf, order, told.append, stop or threading.Event())
    return count, told


def test_without_the_command_there_is_no_such_way(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_lp() is None


def test_the_usual_printer_comes_first(cups):
    assert find_lp().printers() == ("office", "upstairs")


@pytest.mark.parametrize(("names", "usual", "found"), [
    (("a", "b"), "", ("a", "b")), ((), "", ()), (("b",), "gone", ("b",)),
])
def test_a_pc_without_a_usual_printer_or_without_any_has_what_it_has(cups, names, usual, found):
    install(cups, names, usual)
    assert find_lp().printers() == found


def test_a_cups_that_cannot_list_its_printers_has_none(cups):
    (cups / "lpstat").unlink()
    assert find_lp().printers() == ()


def test_the_pdf_itself_goes_out_where_all_of_it_is_wanted(cups, pdf):
    assert printed(pdf, PrintOrder("office", 1, 3)) == (3, [3])
    assert (cups / "lp.log").read_text() == "-d office --\n"
    assert (cups / "printed-1.pdf").read_bytes() == pdf


def test_only_the_pages_wanted_go_out_and_each_copy_by_itself(cups, pdf):
    """A raw queue heeds neither pages nor copies of lp's own, as tried with a real CUPS."""
    assert printed(pdf, PrintOrder("office", 2, 3, copies=2)) == (4, [4])
    assert (cups / "lp.log").read_text() == "-d office --\n"
    assert [pages(file) for file in sorted(cups.glob("printed-*.pdf"))] == [["2", "3"], ["2", "3"]]


@pytest.mark.parametrize(("name", "said"), [
    ("broken", "lp: The printer or class does not exist."), ("mute", "lp: 3"),
])
def test_what_the_command_complains_of_is_told(cups, pdf, name, said):
    with pytest.raises(OfficePrintFailed) as failed:
        printed(pdf, PrintOrder(name, 1, 1))
    assert failed.value.said == said


def test_a_command_that_cannot_be_run_is_told(tmp_path, pdf):
    with pytest.raises(OfficePrintFailed, match="nowhere"):
        LpOffice(str(tmp_path / "nowhere")).print(pdf, PrintOrder("office", 1, 1), print, threading.Event())


def test_a_pc_without_room_for_the_file_is_told(cups, pdf, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(OfficePrintFailed, match="gone"):
        printed(pdf, PrintOrder("office", 1, 1))


def stopped_once_begun(cups, pdf, printer):
    """What came of it when somebody stopped it as soon as lp was at work."""
    stop = threading.Event()

    def stop_once_begun():
        while not (cups / "begun").exists():
            stop.wait(0.01)
        stop.set()
        (cups / "go on").touch()

    stopper = threading.Thread(target=stop_once_begun)
    stopper.start()
    done = printed(pdf, PrintOrder(printer, 1, 3), stop)
    stopper.join()
    return done


def test_stopping_lets_the_command_tell_which_job_it_is_and_takes_that_back(cups, pdf):
    assert stopped_once_begun(cups, pdf, "slow") == (0, [])
    assert (cups / "cancelled").read_text() == "slow-8"


def test_a_command_that_does_not_come_back_is_ended(cups, pdf, monkeypatch):
    monkeypatch.setattr(office, "STOP_SECONDS", 0.1)
    assert stopped_once_begun(cups, pdf, "stuck") == (0, [])
    assert not (cups / "cancelled").exists()
