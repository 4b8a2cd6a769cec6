"""A PDF on the screen: its pages as pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from hallapp.ui import theme

WIDEST = 1000  # px of a page
SCREEN_DPI = 121  # an A4 page as wide as that: enlarged, its small print would blur


def pages_of(pdf: bytes, dpi: int, places: Iterable[int] | None = None) -> Iterator[QImage]:
    """Its pages as pictures, those at ``places`` (from 0) or all, each drawn when it is asked for: at print resolution
    a page takes 35 MB. For a worker thread."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        for place in range(len(document)) if places is None else places:
            yield _picture(document[place], dpi)
    finally:
        document.close()


def _picture(page: object, dpi: int) -> QImage:
    bitmap = page.render(scale=dpi / 72, rev_byteorder=True, prefer_bgrx=True)
    picture = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888)
    return picture.copy()  # the bitmap's memory goes with the document


class PdfPages(QScrollArea):
    """Pages under one another, as wide as the view; an edge shows where each ends."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
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
            label.setStyleSheet(f"border: 1px solid {theme.EDGE};")
            column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setWidget(inside)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = min(WIDEST, self.viewport().width() - 34)
        for label, page in zip(self.labels, self._pages, strict=True):
            label.setPixmap(QPixmap.fromImage(page.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)))
