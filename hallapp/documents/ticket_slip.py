"""The ticket a visitor takes from the kiosk."""

from __future__ import annotations

from functools import lru_cache

from drivers.escpos import PrinterProfile
from hallapp.documents.slip_layout import Slip
from hallapp.documents.wording import clock, form, moment
from hallapp.domain.catalogue import Group, Item, Material
from hallapp.domain.codes import TicketCode
from hallapp.domain.rules import HallInfo, Rules
from hallapp.domain.ticket import Ticket


def ticket_slip(
    ticket: Ticket, group: Group | None, item: Item | None, hall: HallInfo, rules: Rules, profile: PrinterProfile,
    *, copy: bool = False,
) -> bytes:
    """The slip's bytes. ``group`` and ``item`` are ``None`` where none was chosen or the catalogue lost it."""
    slip = Slip(profile)
    slip.headline(hall.name, 1)
    slip.space(16)
    slip.text("您的号码（补打）" if copy else "您的号码", side="center")
    slip.space(10)
    slip.headline(ticket.number, 6)
    slip.space(14)
    _business(slip, ticket, group, item, rules)
    slip.space(8)
    slip.rule()
    slip.headline(f"前面还有{ticket.ahead}人" if ticket.ahead else "前面没有人等候", 2)
    slip.space(8)
    slip.headline(_wait(ticket), 2)
    slip.space(10)
    slip.text(f"{moment(ticket.issued_at, rules.zone)} 取号", side="center")
    slip.paste(_advice(item, rules, profile))
    slip.space(24)
    slip.qr(str(TicketCode(ticket.day, ticket.number)))
    return slip.done()


@lru_cache(256)  # the same for all who take a number for an item
def _advice(item: Item | None, rules: Rules, profile: PrinterProfile) -> bytes:
    """What to do next and what to have at hand."""
    slip = Slip(profile)
    slip.rule()
    slip.text("请在等候区就座，听广播或看叫号屏，叫到您的号码再到窗口办理。", bold=True)
    slip.space(8)
    slip.text(_missed(rules))
    if item is not None and item.materials:
        slip.rule()
        materials(slip, item)
    return slip.part()


def _business(slip: Slip, ticket: Ticket, group: Group | None, item: Item | None, rules: Rules) -> None:
    if ticket.priority:
        slip.headline("【优先】", 2)
        slip.space(8)
    business(slip, group, item)
    if ticket.booked_for is not None:
        slip.space(8)
        slip.headline(f"预约 {clock(ticket.booked_for, rules.zone)}", 2)


def business(slip: Slip, group: Group | None, item: Item | None) -> None:
    """What somebody comes for, as far as that is known."""
    if group is not None:
        slip.headline(group.name, 2)
    if item is not None:
        slip.space(8)
        slip.text(item.name, side="center")


def _wait(ticket: Ticket) -> str:
    if ticket.booked_for is not None and ticket.booked_for > ticket.issued_at:
        return "按预约时间排队"
    if ticket.expected_minutes is None:
        return "窗口开放后叫号"
    return f"约等候{ticket.expected_minutes}分钟" if ticket.expected_minutes else "即将叫号"


def _missed(rules: Rules) -> str:
    if not rules.return_times:
        return "过号作废，请重新取号。"
    place = f"排在前{rules.return_places}人之后" if rules.return_places else "排在最前"
    return f"过号后{rules.return_minutes}分钟内告诉工作人员，可恢复排队{rules.return_times}次，{place}。"


def materials(slip: Slip, item: Item) -> None:
    """What to have at hand for an item that asks for something."""
    always = item.materials_for()
    if always:
        slip.text("请准备好以下材料", bold=True)
        for place, material in enumerate(always, 1):
            slip.space(4)
            slip.text(_words(material), mark=f"{place}. ")
    if item.conditions:
        if always:
            slip.space(10)
        slip.text("以下情形还需" if always else "请按您的情形准备材料", bold=True)
    for condition in item.conditions:
        needed = "；".join(_words(material) for material in item.materials if material.condition == condition)
        slip.space(4)
        slip.text(f"{condition}：{needed}", mark="· ")


def _words(material: Material) -> str:
    """A material with its form, and whether a signed promise may stand in for it."""
    more = [words for words in (form(material), "" if material.required else "可用个人承诺书代替") if words]
    return material.name + (f"（{'，'.join(more)}）" if more else "")
