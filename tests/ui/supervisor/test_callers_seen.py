"""What the supervisor sees of windows worked with a hardware caller, and what the report says of them."""

import pdfplumber
from PySide6.QtWidgets import QTableWidget

from hallapp.domain.events import By, Clerk
from hallapp.services import hardware_caller, kiosk, reports
from hallapp.services.board import board
from hallapp.ui.supervisor.pages import TodayPage

BY = Clerk("caller-1", "0312", 1)


def serve(hall, clock):
    """One visitor called and served with a pad."""
    hardware_caller.seat(hall, BY)
    kiosk.issue(hall, By("kiosk"), kiosk.Wish("enrol"))
    hardware_caller.call_next(hall, BY)
    clock.advance(minutes=6)
    hardware_caller.finish(hall, BY)


def remarks(page):
    table = page.findChild(QTableWidget, "today-windows")
    return [table.item(row, 3).text() for row in range(table.rowCount())]


def test_a_window_whose_clerk_sits_by_a_key_is_marked(themed, qtbot, hall, clock, employed):
    employed()
    page = TodayPage()
    qtbot.addWidget(page)
    serve(hall, clock)
    page.show_day(reports.figures(hall, hall.today()), board(hall), hardware_caller.seats(hall))
    assert remarks(page) == ["由呼叫器登录", "", ""]
    hardware_caller.toggle_pause(hall, BY, "暂时离开")
    page.show_day(reports.figures(hall, hall.today()), board(hall), hardware_caller.seats(hall))
    assert remarks(page)[0] == "暂时离开　由呼叫器登录"


def test_the_report_defines_visits_of_a_caller_on_days_that_have_some(hall, clock, employed, tmp_path):
    employed()
    assert "呼叫器" not in text(hall, tmp_path)
    serve(hall, clock)
    told = text(hall, tmp_path)
    assert "没有登记事项的接待（1 人次）：只计人次，不计件数和办理时长。" in told
    assert "用硬件呼叫器的接待（1 人次）" in told
    assert "不计入到窗时间" in told


def text(hall, folder):
    """The words of today's report, lines joined."""
    file = folder / "report.pdf"
    file.write_bytes(reports.report_pdf(hall, hall.today()))
    with pdfplumber.open(file) as pdf:
        return "".join(page.extract_text() for page in pdf.pages).replace("\n", "")
