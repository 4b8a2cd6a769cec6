"""A PDF on a printer that Qt knows, page by page; the way of Windows, and of a Linux without ``lp``."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from hallapp.devices.office import PrintOrder, Told
from hallapp.domain.errors import OfficePrintFailed
from hallapp.ui.widgets.pdf_pages import pages_of

PRINT_DPI = 300


class QtOffice:
    """The printers that Qt finds; a devices.office.Office. Qt allows painting on a printer in any thread."""

    def printers(self) -> tuple[str, ...]:
        usual = QPrinterInfo.defaultPrinterName()
        return tuple(sorted(QPrinterInfo.availablePrinterNames(), key=lambda name: name != usual))

    def print(self, pdf: bytes, order: PrintOrder, told: Told, stop: Event) -> int:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPrinterName(order.printer)
        if printer.printerName() != order.printer:  # it has gone meanwhile, and Qt would take the usual one
            raise OfficePrintFailed(order.printer)
        return print_sheets(printer, pdf, order, told, stop)


def print_sheets(printer: QPrinter, pdf: bytes, order: PrintOrder, told: Told, stop: Event) -> int:
    """One page a sheet at 300 dpi, never more than one of them in memory; how many went out.

    Raises OfficePrintFailed."""
    printer.setResolution(PRINT_DPI)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    painter, done = QPainter(), 0
    try:
        for _ in range(order.copies):  # ours, as in LpOffice: no queue lays copies together or leaves them out
            for page in pages_of(pdf, PRINT_DPI, range(order.first - 1, order.last)):
                if stop.is_set():
                    if done:
                        printer.abort()
                    return done
                if not (printer.newPage() if done else painter.begin(printer)):  # begun and left, a blank page comes
                    raise OfficePrintFailed(order.printer)
                _draw(painter, page)
                done += 1
                told(done)
    finally:
        if painter.isActive():
            painter.end()
    return done


def _draw(painter: QPainter, page: QImage) -> None:
    """As large as the sheet allows, in its middle."""
    area = painter.viewport()
    size = page.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    if size != page.size():
        page = page.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    painter.drawImage(area.x() + (area.width() - size.width()) // 2, area.y() + (area.height() - size.height()) // 2,
                      page)
