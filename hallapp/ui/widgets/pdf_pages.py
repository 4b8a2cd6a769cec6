"""A PDF on the screen and on the office printer: its pages as pictures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QPixmap, QResizeEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

SCREEN_DPI, PRINT_DPI = 110, 300


def pages_of(pdf: bytes, dpi: int) -> list[QImage]:
    """Every page as a picture; for a worker thread."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_picture(document[place], dpi) for place in range(len(document))]
    finally:
        document.close()


def _picture(page: object, dpi: int) -> QImage:
    bitmap = page.render(scale=dpi / 72, rev_byteorder=True, prefer_bgrx=True)
    picture = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888)
    return picture.copy()  # the bitmap's memory goes with the document


def print_pages(pages: Sequence[QImage], printer: QPrinter) -> None:
    """One picture a sheet, as large as the sheet allows."""
    painter = QPainter(printer)
    for place, page in enumerate(pages):
        if place:
            printer.newPage()
        area = painter.viewport()
        size = page.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(area.x(), area.y(), page.scaled(size, Qt.AspectRatioMode.KeepAspectRatio,
                                                          Qt.TransformationMode.SmoothTransformation))
    painter.end()


class PdfPages(QScrollArea):
    """Pages under one another, as wide as the view."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._pages: list[QImage] = []
        self.labels: list[QLabel] = []

    def show_pages(self, pages: Sequence[QImage]) -> None:
        self._pages = list(pages)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(16)
        self.labels = [QLabel() for _ in pages]
        for label in self.labels:
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addStretch(1)
        self.setWidget(inside)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = min(1000, self.viewport().width() - 32)
        for label, page in zip(self.labels, self._pages, strict=True):
            label.setPixmap(QPixmap.fromImage(page.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)))
