"""Printing through CUPS' commands, which are real processes here."""

import tempfile
import threading

import pytest

from hallapp.devices.office import LpOffice, PrintOrder, find_lp
from hallapp.domain.errors import OfficePrintFailed
from tests.devices.office_commands import install

PDF = b"%PDF-1.4 a report"


@pytest.fixture
def cups(tmp_path, monkeypatch):
    """The folder of the commands, alone on the PATH, and what they leave there."""
    folder = tmp_path / "bin"
    install(folder)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def printed(order, stop=None):
    told = []
    count = find_lp().print(PDF, order, told.append, stop or threading.Event())
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


def test_the_pdf_itself_goes_out_with_its_pages_and_copies(cups):
    assert printed(PrintOrder("office", 2, 3, copies=2)) == (4, [4])
    assert (cups / "lp.log").read_text() == "-d office -n 2 -P 2-3 --\n"
    assert (cups / "printed.pdf").read_bytes() == PDF


@pytest.mark.parametrize(("name", "said"), [
    ("broken", "lp: The printer or class does not exist."), ("mute", "lp: 3"),
])
def test_what_the_command_complains_of_is_told(cups, name, said):
    with pytest.raises(OfficePrintFailed) as failed:
        printed(PrintOrder(name, 1, 1))
    assert failed.value.said == said


def test_a_command_that_cannot_be_run_is_told(tmp_path):
    with pytest.raises(OfficePrintFailed, match="nowhere"):
        LpOffice(str(tmp_path / "nowhere")).print(PDF, PrintOrder("office", 1, 1), print, threading.Event())


def test_a_pc_without_room_for_the_file_is_told(cups, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(OfficePrintFailed, match="gone"):
        printed(PrintOrder("office", 1, 1))


def test_stopping_ends_the_command_and_takes_the_job_back(cups):
    stop = threading.Event()

    def stop_once_begun():
        while not (cups / "begun").exists():
            stop.wait(0.01)
        stop.set()

    stopper = threading.Thread(target=stop_once_begun)
    stopper.start()
    assert printed(PrintOrder("slow", 1, 3), stop) == (0, [])
    stopper.join()
    assert (cups / "cancelled").read_text() == "slow-7"
    assert not (cups / "printed.pdf").exists()
