"""The ticket a visitor takes from the kiosk."""

from __future__ import annotations

from drivers.escpos import PrinterProfile
from hallapp.documents.slip_layout import Slip
from hallapp.documents.wording import moment
from hallapp.domain.catalogue import Group, Item, Material
from hallapp.domain.rules import HallInfo, Rules
from hallapp.domain.ticket import Ticket


def ticket_slip(
    ticket: Ticket, group: Group | None, item: Item | None, hall: HallInfo, rules: Rules, profile: PrinterProfile,
    *, copy: bool = False,
) -> bytes:
    """The slip's bytes. ``group`` and ``item`` are ``None`` where the catalogue no longer has them."""
    slip = Slip(profile)
    slip.text(hall.name, bold=True, side="center")
    slip.space(6)
    slip.text("取号单（补打）" if copy else "取号单", side="center")
    slip.space(16)
    slip.text(ticket.number, scale=5 if profile.columns >= 42 else 4, bold=True, side="center")
    slip.space(12)
    if ticket.priority:
        slip.text("优先办理", scale=2, bold=True, side="center")
        slip.space(8)
    slip.text(item.short if item else group.name if group else "", scale=2, side="center")
    slip.rule()
    slip.text(f"前面还有 {ticket.ahead} 人", scale=2, side="center")
    slip.space(6)
    slip.text(_wait(ticket), side="center")
    slip.space(6)
    slip.text(moment(ticket.issued_at, rules.zone), side="center")
    slip.rule()
    slip.text("请在等候区就座，听到广播或看到叫号屏显示本号后到窗口办理。", bold=True)
    slip.space(6)
    slip.text(f"过号 {rules.return_minutes} 分钟内请联系工作人员，可恢复排队 {rules.return_times} 次，"
              f"排在 {rules.return_places} 人之后。")
    if item is not None and item.materials:
        _materials(slip, item)
    slip.space(12)
    slip.qr(f"T{ticket.day:%Y%m%d}{ticket.number}", 6 if profile.columns >= 42 else 5)
    slip.space(8)
    slip.text("办理医保事项不收取任何费用", side="center")
    return slip.done()


def _wait(ticket: Ticket) -> str:
    if ticket.expected_minutes is None:
        return "窗口开放后按顺序叫号"
    if ticket.expected_minutes == 0:
        return "请准备，马上叫号"
    return f"预计等候约 {ticket.expected_minutes} 分钟"


def _materials(slip: Slip, item: Item) -> None:
    slip.rule()
    slip.text("请准备好以下材料", bold=True)
    slip.space(4)
    always = [material for material in item.materials if not material.condition]
    for place, material in enumerate(always, 1):
        slip.numbered(place, material_words(material))
    for condition in item.conditions:
        slip.space(4)
        slip.text(f"【{condition}】另需：", indent=2)
        for material in item.materials:
            if material.condition == condition:
                slip.text("· " + material_words(material), indent=2)


def material_words(material: Material) -> str:
    """A material in one line; only what a source states."""
    forms = [word for word, stated in (("原件", material.original), (f"复印件{material.copies}份", material.copies)) if stated]
    return material.name + (f"（{'、'.join(forms)}）" if forms else "")
