"""One-time notices: given from an item, printed, found again when the visitor comes back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from hallapp.domain.errors import BadInput, NotFound, WrongState
from hallapp.domain.events import Clerk, Kind
from hallapp.domain.handling import ItemState, Outcome, VisitState
from hallapp.domain.notice import Notice, NoticeLine, Situation
from hallapp.domain.printing import PrintJob, SlipKind
from hallapp.services.counter import signed_in
from hallapp.services.hall import Hall, Known, look, step
from hallapp.services.visits import ended_item
from hallapp.store import visits
from hallapp.store.rows import added, changed

_CODE = re.compile(r"[Nn]?(\d{11,13})")


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """What the clerk ticked: the lines are materials of the item, in the order of the catalogue."""

    item_id: int
    situation: Situation
    missing: tuple[NoticeLine, ...]
    received: tuple[NoticeLine, ...] = ()
    conditions: tuple[str, ...] = ()
    remark: str = ""
    reason: str = ""


def give_notice(
    hall: Hall, by: Clerk, draft: NoticeDraft, printer: str | None = None, request: str | None = None,
) -> Notice:
    """Store the notice, end its item with outcome NOTICE if it is still open, and queue the slip.

    ``request`` is the counter's id of this draft: kept twice it is one notice. Raises BadInput: refused without a
    reason, or materials incomplete with nothing missing.
    """
    if draft.situation is Situation.REFUSED and not draft.reason.strip():
        raise BadInput("reason")
    if draft.situation is Situation.INCOMPLETE and not (draft.missing or draft.remark.strip()):
        raise BadInput("missing")
    try:
        return _given(hall, by, draft, printer, request)
    except Known as known:
        with look(hall) as db:
            notice = visits.notice(db, hall.id, known.event.seq)
        assert notice  # never taken back
        return notice


def _given(hall: Hall, by: Clerk, draft: NoticeDraft, printer: str | None, request: str | None) -> Notice:
    with step(hall) as doing:
        doing.require_new(request)
        signed_in(doing, by)
        item = visits.item(doing.db, hall.id, draft.item_id)
        visit = item and visits.visit(doing.db, hall.id, item.visit_id)
        if item is None or visit is None:
            raise NotFound(f"item {draft.item_id}")
        if visit.state is not VisitState.OPEN or visit.staff != by.staff:
            raise WrongState(f"visit {visit.id}", visit.state)
        serial = visits.last_notice_serial(doing.db, hall.id, doing.day) + 1
        notice = Notice(
            doing.id, doing.day, f"{doing.day:%Y%m%d}{serial:03d}", serial, visit.id, item.id, item.item_code,
            draft.situation, draft.missing, draft.received, draft.conditions, draft.remark.strip(),
            draft.reason.strip(), by.staff, by.window, doing.now,
        )
        changes = [added(notice)]
        if item.state is not ItemState.ENDED:
            changes += ended_item(doing, item, Outcome.NOTICE)[0]
        if printer is not None:
            changes.append(added(PrintJob(doing.id, doing.day, printer, SlipKind.NOTICE, notice.id, doing.now)))
        ticket = doing.ticket_of(visit)
        doing.record(Kind.NOTICE_GIVEN, by, changes, ticket=ticket, visit_id=visit.id, request=request,
                     data={"notice": notice.number, "item": item.id, "situation": notice.situation.value})
        return notice


def find_notice(hall: Hall, scanned: str) -> Notice:
    """The notice of a scanned barcode or a typed number. Raises NotFound."""
    with look(hall) as db:
        return _notice(db, hall, scanned)


def bring_notice(hall: Hall, by: Clerk, scanned: str) -> Notice:
    """The visitor at the window brought this notice back: the open visit carries it from now on.

    ``scanned`` as in ``find_notice``. Raises NotFound, or WrongState without an open visit.
    """
    with step(hall) as doing:
        signed_in(doing, by)
        visit = visits.open_visit_of(doing.db, hall.id, by.staff)
        if visit is None:
            raise WrongState(f"window {by.window}", "without a visit")
        notice = _notice(doing.db, hall, scanned)
        ticket = doing.ticket_of(visit)
        doing.record(Kind.NOTICE_BROUGHT, by, [changed(visit, replace(visit, notice_id=notice.id))], ticket=ticket,
                     visit_id=visit.id, data={"notice": notice.number})
        return notice


def _notice(db: Connection, hall: Hall, scanned: str) -> Notice:
    match = _CODE.fullmatch(scanned.strip())
    notice = match and visits.notice_by_number(db, hall.id, match[1])
    if not notice:
        raise NotFound(match[1] if match else scanned.strip())
    return notice
