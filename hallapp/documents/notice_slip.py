"""The one-time notice (一次性告知单) that a visitor takes home: what is missing, where to get it, how to come back."""

from __future__ import annotations

from drivers.escpos import PrinterProfile, width
from hallapp.documents.slip_layout import Slip
from hallapp.documents.wording import SITUATIONS, form, gone_item, moment
from hallapp.domain.catalogue import Item
from hallapp.domain.notice import Notice, NoticeLine, Situation
from hallapp.domain.rules import HallInfo, Rules
from hallapp.domain.staff import Staff

_HEADINGS = {
    Situation.CONSULTATION: "所需材料", Situation.INCOMPLETE: "缺少材料", Situation.REFUSED: "所需材料",
}
_NEXT = {
    Situation.CONSULTATION: "备齐材料后，请带本单再来，扫条码即可续办。",
    Situation.INCOMPLETE: "补齐材料后，请带本单再来，扫条码即可续办。",
    Situation.REFUSED: "对不予受理有疑问的，请拨打下方咨询电话或投诉电话。",
}


def notice_slip(
    notice: Notice, item: Item | None, hall: HallInfo, staff: Staff, rules: Rules, profile: PrinterProfile,
    *, copy: bool = False,
) -> bytes:
    """The slip's bytes. ``staff`` gave the notice; ``item`` is ``None`` where the catalogue no longer has it."""
    slip = Slip(profile)
    slip.headline(hall.name, 1)
    slip.space(12)
    slip.headline("一次性告知单", 2)
    slip.space(10)
    slip.text(f"编号 {notice.number}{'（补打）' if copy else ''}", side="center")
    slip.rule()
    _row(slip, "办理事项", item.name if item else gone_item(notice.item_code))
    _row(slip, "告知情形", SITUATIONS[notice.situation])
    _row(slip, "适用情形", "；".join(notice.conditions))
    _row(slip, "具体原因", notice.reason)
    _missing(slip, notice)
    _received(slip, notice.received)
    if notice.remark:
        slip.rule()
        _row(slip, "补充说明", notice.remark)
    slip.rule()
    slip.text(_NEXT[notice.situation], bold=True)
    slip.rule()
    _contacts(slip, item, hall, staff, "" if notice.situation is Situation.REFUSED else hall.other_ways)
    slip.rule()
    _row(slip, "告知时间", moment(notice.given_at, rules.zone))
    _row(slip, "告知窗口", f"{notice.window}号")
    for who in ("告知人签字", "申请人签字"):
        slip.space(44)
        slip.text("_" * (profile.columns - width(who) - 2), mark=f"{who}  ")
    slip.space(32)
    slip.barcode(notice.barcode)
    return slip.done()


def _row(slip: Slip, name: str, text: str) -> None:
    """A name of four characters and what it is; nothing where that is not known."""
    if text:
        slip.text(text, mark=f"{name}  ")
        slip.space(4)


def _missing(slip: Slip, notice: Notice) -> None:
    if not notice.missing:
        return
    slip.rule()
    slip.text(f"{_HEADINGS[notice.situation]}（{len(notice.missing)}项）", bold=True)
    for place, line in enumerate(notice.missing, 1):
        mark = f"{place}. "
        slip.space(8)
        slip.text(line.name, mark=mark, bold=True)
        for name, text in (("形式", form(line)), ("获取", line.where), ("说明", line.notes)):
            if text:
                slip.text(text, mark=" " * len(mark) + f"{name}：")


def _received(slip: Slip, lines: tuple[NoticeLine, ...]) -> None:
    if not lines:
        return
    slip.rule()
    slip.text(f"已收材料（{len(lines)}项）", bold=True)
    for place, line in enumerate(lines, 1):
        slip.space(4)
        slip.text(line.name, mark=f"{place}. ")


def _contacts(slip: Slip, item: Item | None, hall: HallInfo, staff: Staff, other_ways: str) -> None:
    if item is not None:
        _row(slip, "办理时限", item.limit_text)
        _row(slip, "办理依据", "；".join(item.basis))
    _row(slip, "办理地点", hall.address)
    _row(slip, "办理时间", hall.hours)
    _row(slip, "其他方式", other_ways)
    _row(slip, "首问负责", f"{staff.name}（工号{staff.number}）{staff.phone}")
    _row(slip, "咨询电话", hall.consult_phone)
    _row(slip, "投诉电话", hall.complaint_phone)
