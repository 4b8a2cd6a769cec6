"""The slip of an appointment (预约单): when to come, what to bring, what to do on arrival."""

from __future__ import annotations

from drivers.escpos import PrinterProfile
from hallapp.documents.slip_layout import Slip
from hallapp.documents.ticket_slip import business, materials
from hallapp.documents.wording import WEEKDAYS, clock
from hallapp.domain.appointment import Appointment
from hallapp.domain.catalogue import Group, Item
from hallapp.domain.rules import HallInfo, Rules


def appointment_slip(
    booked: Appointment, group: Group | None, item: Item | None, hall: HallInfo, rules: Rules,
    profile: PrinterProfile, *, copy: bool = False,
) -> bytes:
    """The slip's bytes. ``group`` and ``item`` are ``None`` where none was chosen or the catalogue lost it."""
    slip = Slip(profile)
    slip.headline(hall.name, 1)
    slip.space(12)
    slip.headline("预约单（补打）" if copy else "预约单", 2)
    slip.space(14)
    day = booked.day
    slip.headline(f"{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}", 2)
    slip.space(10)
    slip.headline(f"{clock(booked.starts_at, rules.zone)}—{clock(booked.ends_at, rules.zone)}", 3)
    slip.space(14)
    business(slip, group, item)
    slip.rule()
    _advice(slip, booked, rules)
    if item is not None and item.materials:
        slip.rule()
        materials(slip, item)
    slip.rule()
    if hall.address:
        slip.text(f"地址：{hall.address}")
        slip.rule()
    slip.text("预约号", side="center")
    slip.space(8)
    number = booked.code.number
    slip.headline(f"{number[:4]} {number[4:]}", 3)
    slip.space(20)
    slip.qr(str(booked.code))
    return slip.done()


def _advice(slip: Slip, booked: Appointment, rules: Rules) -> None:
    slip.text("当天到大厅后，在取号机上扫下面的二维码，或点“预约取号”输入预约号。按预约的时间排队，不用另外取号。",
              bold=True)
    slip.space(8)
    slip.text(f"请在{clock(booked.holds_until, rules.zone)}前取号，早到也可以先取；过时预约作废，按普通取号排队。")
    slip.space(8)
    slip.text("不能来时，请提前告诉大厅工作人员预约号，把时间让给别人。")
