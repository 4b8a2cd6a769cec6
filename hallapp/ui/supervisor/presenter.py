"""What the supervisor asks for, turned into service calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from hallapp.devices.served import Served
from hallapp.documents.fonts import lacking
from hallapp.domain.errors import NotAllowed, StoreError, WrongPassword
from hallapp.domain.events import By
from hallapp.domain.printing import DeviceStatus, JobState, PrintJob, SlipKind
from hallapp.domain.staff import Role, Staff, StaffChanged
from hallapp.services import printing, reports
from hallapp.services import staff as staff_service
from hallapp.services.board import board
from hallapp.services.copies import reprint_number
from hallapp.services.files import save_file
from hallapp.services.hall import Hall
from hallapp.services.hardware_caller import seats
from hallapp.services.ratings import bad_today
from hallapp.ui.feed import Feed
from hallapp.ui.lights import Lights
from hallapp.ui.supervisor.backup_line import BackupLine, LastBackup
from hallapp.ui.supervisor.copies import Copies
from hallapp.ui.supervisor.devices_page import DevicesPage
from hallapp.ui.supervisor.devices_presenter import DevicesPresenter
from hallapp.ui.supervisor.jobs_page import JobsPage, job_words
from hallapp.ui.supervisor.pages import CataloguePage, TodayPage
from hallapp.ui.supervisor.print_presenter import PrintPresenter
from hallapp.ui.supervisor.report_page import ReportPage
from hallapp.ui.supervisor.settings_line import SettingsLine
from hallapp.ui.supervisor.staff_page import StaffPage
from hallapp.ui.supervisor.view import SupervisorWindow
from hallapp.ui.tasks import Tasks
from hallapp.ui.widgets.pdf_pages import SCREEN_DPI, pages_of
from hallapp.ui.words import sentence, tr, unprintable

DONE = {JobState.QUEUED: "%1已送打印", JobState.PRINTED: "%1已记为打出", JobState.CANCELLED: "%1已取消"}


class SupervisorPresenter(QObject):
    """Signs the supervisor in and keeps the pages up to date."""

    def __init__(
        self, view: SupervisorWindow, hall: Hall, by: By, tasks: Tasks, feed: Feed, lights: Lights,
        printers: tuple[str, ...], new_id: Callable[[], str], served: Sequence[Served] = (),
        office: Tasks | None = None, last_backup: LastBackup | None = None,
        settings: str = "hall.toml",
    ) -> None:
        """``last_backup``: when the newest copy of this PC's store was made; none are made of a server's. ``settings``:
        where hall.toml lies."""
        super().__init__(view)
        self._view, self._hall, self._by, self._tasks = view, hall, by, tasks
        self._signed_in = self._reading = self._stale = False
        self._pdf, self._printers = b"", printers
        self.today, self.report, self.staff = TodayPage(), ReportPage(), StaffPage()
        self.jobs = JobsPage(hall.appointment_times is not None)
        self.catalogue = CataloguePage(hall.catalogue, settings)
        self.devices = DevicesPage(served, hall.rules.zone)
        view.add_pages(((tr("今日情况"), self.today), (tr("日报表"), self.report), (tr("人员"), self.staff),
                        (tr("打印任务"), self.jobs), (tr("设备"), self.devices), (tr("事项目录"), self.catalogue)))
        DevicesPresenter(self.devices, view, tasks, lights)
        self._office = office or tasks  # a day's figures take long: no number must wait for them
        self._copies = Copies(hall, tasks, new_id, self._on_job_done, self._on_refused, self)
        if last_backup is not None:
            BackupLine(self.today, last_backup, hall.rules.zone, self._office, lights)
        else:
            SettingsLine(self.today, hall, self._office)
        self.printing = PrintPresenter(self.report.panel, view, self._office)
        for signal, slot in (
            (view.sign_in_requested, self._on_sign_in_requested), (feed.happened, self._on_happened),
            (lights.changed, self._on_lights_changed),
            (feed.store_lost, self._on_store_lost), (feed.store_back, self._on_store_back),
            (view.page_chosen, self._on_page_chosen), (view.lock_requested, self._on_lock_requested),
            (self.report.day_chosen, self._on_day_chosen),
            (self.report.save_requested, self._on_save_requested),
            (self.report.print_requested, self._on_print_requested), (self.staff.add_requested, self._on_add_requested),
            (self.staff.change_requested, self._on_change_requested), (self.jobs.decided, self._on_decided),
            (self.jobs.cancel_requested, self._on_cancel_requested),
            (self.jobs.copy_requested, self._on_copy_requested), (self.jobs.test_requested, self._on_test_requested),
        ):
            signal.connect(slot)
        self._on_lights_changed(lights.current())

    def _run(self, work: Callable[..., Any], *args: Any, then: Callable[[Any], None], on: Tasks | None = None,
             **more: Any) -> None:
        (on or self._tasks).run(self, partial(work, self._hall, *args, **more), then, {Exception: self._on_refused})

    def _on_refused(self, error: Exception) -> None:
        if isinstance(error, StaffChanged):
            self.staff.show_nobody()  # whoever it was is chosen anew, and seen as they are
        self._view.show_message(sentence(error))

    def _on_sign_in_requested(self, number: str, password: str) -> None:
        self._tasks.run(self, partial(staff_service.check_password, self._hall, number, password), self._on_checked,
                        {WrongPassword: self._on_wrong_password, Exception: self._on_refused})

    def _on_wrong_password(self, error: WrongPassword) -> None:
        self._view.show_message(sentence(error) + tr("没有别的管理员时，在本机运行：hallapp password 工号"))
        self._view.password.selectAll()
        self._view.password.setFocus()

    def _on_lock_requested(self) -> None:
        """What was typed and not kept goes, passwords above all."""
        self._signed_in = False
        self.staff.show_nobody()
        self.report.panel.hide()
        self._view.show_sign_in()

    def _on_checked(self, member: Staff) -> None:
        if member.role is not Role.SUPERVISOR:
            self._on_refused(NotAllowed())
            return
        self._by, self._signed_in = By(self._by.station, member.number), True
        self._view.show_work(f"{member.number} {member.name}")
        self.report.set_day(self._hall.today())
        self._on_day_chosen(self.report.day())
        self._read()

    def _read(self) -> None:
        """All that changes with the hall; one read at a time."""
        if not self._signed_in:
            return
        if self._reading:
            self._stale = True
            return
        self._reading, self._stale = True, False
        self._office.run(self, partial(_everything, self._hall), self._on_everything, {Exception: self._on_unread})

    def _on_everything(self, found: tuple[Any, ...]) -> None:
        self._reading = False
        day, shown, by_caller, members, slips, bad = found
        self.today.show_day(day, shown, by_caller)
        self.today.show_bad(bad, self._hall.rules.zone)
        self.staff.show_staff(members)
        self.jobs.show_slips(slips)
        if self._stale:
            self._read()

    def _on_unread(self, _error: Exception) -> None:
        self._reading = False

    def _on_happened(self, _events: object) -> None:
        self._copies.ask_again()
        self._read()

    def _on_lights_changed(self, lights: tuple[DeviceStatus, ...]) -> None:
        """Other PCs tell of their kiosks' printers."""
        others = [one.name for one in lights if one.kind == "printer" and one.name not in self._printers]
        self.jobs.show_printers([*self._printers, *others])

    def _on_store_lost(self, error: StoreError) -> None:
        self._view.banner.show_sentence(sentence(error), state="down")

    def _on_store_back(self) -> None:
        self._view.banner.hide()
        self._copies.ask_again()
        self._read()

    def _on_day_chosen(self, day: date) -> None:
        if self._signed_in:
            self._run(_report, day, then=self._on_report, on=self._office)

    def _on_page_chosen(self, _place: int) -> None:
        """The day went on since the report was made."""
        if self._view.pages.currentWidget() is self.report:
            self._on_day_chosen(self.report.day())

    def _on_report(self, made: tuple[date, bytes, list[QImage]]) -> None:
        day, pdf, pages = made
        if day == self.report.day():
            self._pdf = pdf
            self.report.pages.show_pages(pages)
            self.report.set_made(True)

    def _on_save_requested(self) -> None:
        name = tr("日办件量报表_%1.pdf", self.report.day())
        chosen, _kind = QFileDialog.getSaveFileName(self._view, tr("保存日报表"), name, "PDF (*.pdf)")
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the shown report into a file."""
        work = partial(save_file, self._pdf, path)
        self._tasks.run(self, work, self._on_saved, {Exception: self._on_refused})

    def _on_saved(self, path: Path) -> None:
        self._view.show_message(tr("已保存：%1", path), state="ready")

    def _on_print_requested(self) -> None:
        self.printing.offer(self._pdf, len(self.report.pages.labels))

    def _on_add_requested(self, member: Staff, password: str) -> None:
        self._run(_kept, staff_service.add_staff, self._by, member, password, then=self._on_staff_added)

    def _on_change_requested(self, member: Staff, password: str, was: Staff) -> None:
        self._run(_kept, staff_service.change_staff, self._by, member, password or None, was,
                  then=self._on_staff_changed)

    def _on_staff_changed(self, kept: tuple[Staff, str]) -> None:
        self.staff.show_changed(kept[0])
        self._on_staff_kept(kept)

    def _on_staff_added(self, kept: tuple[Staff, str]) -> None:
        self.staff.show_nobody()
        self._on_staff_kept(kept)

    def _on_staff_kept(self, kept: tuple[Staff, str]) -> None:
        member, chars = kept
        self.staff.password.clear()
        saved = tr("已保存：%1 %2", member.number, member.name)
        if chars:
            self._view.show_message(f"{saved}。{unprintable(chars)}")
        else:
            self._view.show_message(saved, state="ready")

    def _on_decided(self, job_id: int, on_paper: bool) -> None:
        self._run(printing.decide, self._by, job_id, on_paper=on_paper, then=self._on_job_done)

    def _on_cancel_requested(self, job_id: int) -> None:
        self._run(printing.cancel, self._by, job_id, then=self._on_job_done)

    def _on_copy_requested(self, number: str, printer: str) -> None:
        self._copies.ask(reprint_number, self._by, number, printer)

    def _on_test_requested(self, printer: str) -> None:
        self._copies.ask(printing.reprint, self._by, SlipKind.TEST, 0, printer)

    def _on_job_done(self, job: PrintJob) -> None:
        done = DONE.get(job.state, "%1：已更新")
        self._view.show_message(tr(done, job_words(job)) + tr("（任务 %1）", job.id), state="ready")


def _everything(hall: Hall) -> tuple[Any, ...]:
    return (reports.figures(hall, hall.today()), board(hall), seats(hall), staff_service.everyone(hall),
            printing.open_slips(hall), bad_today(hall))


def _kept(hall: Hall, keep: Callable[..., Staff], *args: Any) -> tuple[Staff, str]:
    """A member of staff as kept, and what of the name no slip can print."""
    member = keep(hall, *args)
    return member, lacking(member.name)


def _report(hall: Hall, day: date) -> tuple[date, bytes, list[QImage]]:
    pdf = reports.report_pdf(hall, day)
    return day, pdf, list(pages_of(pdf, SCREEN_DPI))
