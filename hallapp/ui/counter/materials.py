"""What the visitor must bring for an item, at a glance while it is handled."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hallapp.domain.catalogue import Item, Material
from hallapp.ui.counter.fitting_rows import FittingRows
from hallapp.ui.widgets.parts import label
from hallapp.ui.words import tr

LONG = 14  # characters on one line at the right


class Materials(FittingRows):
    """Those always needed, then those of a condition."""

    def __init__(self) -> None:
        super().__init__(more=_more, least=2)

    def show_item(self, item: Item | None) -> None:
        every = sorted(item.materials, key=lambda each: bool(each.condition)) if item else []
        self.show_rows([None, *every] if every else (), _row)  # None is the heading


def _more(count: int) -> str:
    return tr("另有 %1 项材料，按 F8 查看", count)


def _heading() -> QWidget:
    line = label(tr("所需材料（缺少时按 F8 告知）"), 16, look="quiet")
    line.setContentsMargins(0, 6, 0, 4)
    return line


def _row(material: Material | None) -> QWidget:
    if material is None:
        return _heading()
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 5, 12, 5)
    row.setSpacing(16)
    kind = tr("原件") if material.original else ""
    copies = tr("复印件 %1 份", material.copies) if material.copies else ""
    held = "、".join(part for part in (kind, copies) if part)
    name = label(f"{material.name}（{held}）" if held else material.name, 18, wrap=True)
    when = tr("限：%1", material.condition) if material.condition else material.where
    where = label(when, 16, look="quiet", wrap=len(when) > LONG)
    where.setMinimumWidth(16 * min(len(when), LONG))
    where.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(name, 1)
    row.addWidget(where)
    return line
