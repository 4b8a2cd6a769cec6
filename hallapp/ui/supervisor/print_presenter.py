"""The report onto an office printer: asks for printers, prints, tells how far it is, stops when told."""

from __future__ import annotations

from functools import partial
from threading import Event

from PySide6.QtCore import QCoreApplication, QObject, Signal

from hallapp.devices.office import Office, PrintOrder, find_lp
from hallapp.ui.supervisor.print_panel import PrintPanel
from hallapp.ui.supervisor.sheets import QtOffice
from hallapp.ui.supervisor.view import SupervisorWindow
from hallapp.ui.tasks import Tasks
from hallapp.ui.words import sentence, tr


class PrintPresenter(QObject):
    """``tasks`` runs what may take long: not the thread in which the hall's numbers are written.

    Signals:
        progressed: Sheets handed to the printer so far, and all.
    """

    progressed = Signal(int, int)

    def __init__(self, panel: PrintPanel, view: SupervisorWindow, tasks: Tasks) -> None:
        super().__init__(panel)
        self._panel, self._view, self._tasks = panel, view, tasks
        self._office: Office = QtOffice()
        self._pdf, self._pages = b"", 0
        self._stop = Event()
        self._busy = False
        panel.ordered.connect(self._on_ordered)
        panel.stop_requested.connect(self._on_stop_requested)
        self.progressed.connect(panel.show_progress)
        QCoreApplication.instance().aboutToQuit.connect(self._on_stop_requested)

    def offer(self, pdf: bytes, pages: int) -> None:
        """Ask how to print this PDF."""
        if self._busy or not pages:
            return
        self._pdf, self._pages = pdf, pages
        self._office = find_lp() or QtOffice()
        self._panel.show_asking()
        self._tasks.run(self, self._office.printers, self._on_found, {Exception: self._on_refused})

    def _on_found(self, printers: tuple[str, ...]) -> None:
        if not self._panel.isHidden():  # nobody has left meanwhile
            self._panel.show_choice(printers, self._pages)

    def _on_ordered(self, order: PrintOrder) -> None:
        self._busy = True
        self._stop.clear()
        self._panel.show_progress(0, order.sheets)
        work = partial(self._office.print, self._pdf, order, partial(self._tell, order.sheets), self._stop)
        self._tasks.run(self, work, self._on_printed, {Exception: self._on_refused})

    def _tell(self, sheets: int, done: int) -> None:
        """In the printing thread."""
        self.progressed.emit(done, sheets)

    def _on_printed(self, pages: int) -> None:
        self._over()
        if self._stop.is_set():
            self._view.show_message(tr("已停止打印。已送出的 %1 页可能还会打出来。", pages) if pages
                                    else tr("已停止打印。"))
        else:
            self._view.show_message(tr("已送打印机：%1 页", pages), state="ready")

    def _on_refused(self, error: Exception) -> None:
        self._over()
        self._view.show_message(sentence(error))

    def _over(self) -> None:
        self._busy = False
        self._panel.hide()

    def _on_stop_requested(self) -> None:
        self._stop.set()
