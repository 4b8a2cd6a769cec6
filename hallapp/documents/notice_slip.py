"""The one-time notice (一次性告知单) that a visitor takes home: what is missing, where to get it, how to come back."""

from __future__ import annotations

from drivers.escpos import PrinterProfile
from hallapp.documents.slip_layout import Slip
from hallapp.documents.wording import SITUATIONS, moment
from hallapp.domain.catalogue import Item
from hallapp.domain.notice import Notice, NoticeLine, Situation
from hallapp.domain.rules import HallInfo, Rules
from hallapp.domain.staff import Staff


def notice_slip(
    notice: Notice, item: Item | None, hall: HallInfo, staff: Staff, rules: Rules, profile: PrinterProfile,
    *, copy: bool = False,
) -> bytes:
    """The slip's bytes. ``staff`` gave the notice; ``item`` is ``None`` where the catalogue no longer has it."""
    slip = Slip(profile)
    slip.text(hall.name, bold=True, side="center")
    slip.space(8)
    slip.text("一次性告知单", scale=2, bold=True, side="center")
    slip.space(6)
    slip.text(f"编号 {notice.number}" + ("（补打）" if copy else ""), side="center")
    slip.rule()
    slip.pair("事项", item.name if item else notice.item_code)
    slip.pair("告知情形", SITUATIONS[notice.situation])
    if notice.conditions:
        slip.pair("适用情形", "、".join(notice.conditions))
    if notice.situation is Situation.REFUSED:
        slip.pair("原因", notice.reason)
    _lines(slip, "需补材料" if notice.situation is Situation.INCOMPLETE else "所需材料", notice.missing, told=True)
    _lines(slip, "已收材料", notice.received, told=False)
    if notice.remark:
        slip.rule()
        slip.pair("补充说明", notice.remark)
    _basis(slip, item)
    _coming_back(slip, notice, hall, staff)
    slip.rule()
    slip.pair("告知时间", moment(notice.given_at, rules.zone))
    for who in ("告知人签字", "申请人签字"):
        slip.space(24)
        slip.text(f"{who}：{'_' * (profile.columns - 14)}")
    slip.space(20)
    slip.barcode(notice.barcode)
    slip.text("再来时请出示此码", side="center")
    return slip.done()


def _lines(slip: Slip, title: str, lines: tuple[NoticeLine, ...], *, told: bool) -> None:
    """Materials by number; to be brought (``told``) with form, copies, source and notes, else by name."""
    if not lines:
        return
    slip.rule()
    slip.text(f"{title}（{len(lines)} 项）", bold=True)
    slip.space(6)
    for place, line in enumerate(lines, 1):
        slip.numbered(place, line.name)
        if told:
            forms = [w for w, stated in (("原件", line.original), (f"复印件 {line.copies} 份", line.copies)) if stated]
            for name, text in (("形式", "、".join(forms)), ("哪里取", line.where), ("说明", line.notes)):
                if text:
                    slip.text(f"   {name}：{text}", indent=3)
        slip.space(4)


def _basis(slip: Slip, item: Item | None) -> None:
    if item is None or not (item.limit_text or item.basis):
        return
    slip.rule()
    if item.limit_text:
        slip.pair("办理时限", item.limit_text)
    if item.basis:
        slip.pair("依据", "；".join(item.basis))


def _coming_back(slip: Slip, notice: Notice, hall: HallInfo, staff: Staff) -> None:
    slip.rule()
    slip.text("材料备齐后，请带本单到本厅任一窗口，扫下方条码即可续办。", bold=True)
    slip.space(6)
    if hall.address:
        slip.pair("地址", hall.address)
    if hall.hours:
        slip.pair("时间", hall.hours)
    slip.pair("首问责任人", f"{staff.name}（工号 {staff.number}）" + (f" {staff.phone}" if staff.phone else ""))
    slip.pair("办理窗口", f"{notice.window} 号")
    slip.pair("咨询电话", hall.consult_phone)
    slip.pair("投诉电话", hall.complaint_phone)
