"""Who works here and who sits where: accounts, signing in, pausing."""

from __future__ import annotations

from dataclasses import replace

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hallapp.domain.clock import business_day
from hallapp.domain.errors import (
    BadInput,
    NotFound,
    NotSignedIn,
    SignedInElsewhere,
    StaffExists,
    WeakPassword,
    WindowBusy,
    WindowTaken,
    WrongPassword,
    WrongState,
)
from hallapp.domain.events import By, Clerk, Kind
from hallapp.domain.staff import Session, Staff, StaffChanged, require_fitting
from hallapp.services.counter import signed_in
from hallapp.services.hall import Hall, Known, Step, look, step
from hallapp.store import people, queue, visits
from hallapp.store.rows import Change, added, changed, removed

SHORTEST_PASSWORD = 6
_HASHER = PasswordHasher()


def everyone(hall: Hall) -> tuple[Staff, ...]:
    with look(hall) as db:
        return people.all_staff(db, hall.id)


def add_staff(hall: Hall, by: By, staff: Staff, password: str) -> Staff:
    """Raises StaffExists, WeakPassword or BadInput."""
    require_fitting(staff)
    hashed = _hashed(password)
    with step(hall) as doing:
        if people.staff(doing.db, hall.id, staff.number):
            raise StaffExists(staff.number)
        people.keep_password(doing.db, hall.id, staff.number, hashed)
        doing.record(Kind.STAFF_ADDED, by, [added(staff)], data={"number": staff.number})
    return staff


def change_staff(hall: Hall, by: By, staff: Staff, password: str | None = None, was: Staff | None = None) -> Staff:
    """Replace a member's name, role, telephone or standing, and the password if one is given. ``was``: the member whom
    somebody looked at to change.

    Raises NotFound, StaffChanged if that was somebody else's work meanwhile, WeakPassword or BadInput; that too for
    ``supervisor``, who would be the last one: nobody could make another.
    """
    require_fitting(staff)
    hashed = None if password is None else _hashed(password)
    with step(hall) as doing:
        known = people.staff(doing.db, hall.id, staff.number)
        if known is None:
            raise NotFound(staff.number)
        if was is not None and known not in (was, staff):
            raise StaffChanged(staff.number)
        others = [one for one in people.all_staff(doing.db, hall.id) if one.number != staff.number]
        if known.supervises and not any(one.supervises for one in (staff, *others)):
            raise BadInput("supervisor")
        if hashed is not None:
            people.keep_password(doing.db, hall.id, staff.number, hashed)
        doing.record(Kind.STAFF_CHANGED, by, [changed(known, staff)],
                     data={"number": staff.number, "password": hashed is not None})
    return staff


def change_password(hall: Hall, by: Clerk, old: str, new: str) -> Staff:
    """A clerk at the window sets the own password anew; asked once more because the answer was lost, it is set.

    Raises WeakPassword, WrongPassword for ``old``, or NotSignedIn.
    """
    hashed = _hashed(new)
    with look(hall) as db:
        checked = people.password_hash(db, hall.id, by.staff)
    try:
        member = check_password(hall, by.staff, old)
    except WrongPassword:
        return check_password(hall, by.staff, new)
    with step(hall) as doing:
        signed_in(doing, by)
        if people.password_hash(doing.db, hall.id, by.staff) != checked:  # set anew by somebody else meanwhile
            raise WrongPassword
        people.keep_password(doing.db, hall.id, by.staff, hashed)
        doing.record(Kind.STAFF_CHANGED, by, [changed(member, member)], data={"number": by.staff, "password": True})
    return member


def check_password(hall: Hall, number: str, password: str) -> Staff:
    """The active member those belong to. Raises WrongPassword, and takes as long for an unknown number."""
    with look(hall) as db:
        member = people.staff(db, hall.id, number)
        hashed = people.password_hash(db, hall.id, number)
    try:
        if hashed is None:
            _HASHER.hash(password)  # as slow as a verify
            raise WrongPassword
        _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        raise WrongPassword from None
    if member is None or not member.active:
        raise WrongPassword
    return member


def sign_in(
    hall: Hall, station: str, number: str, password: str, window: int, *, take_over: bool = False,
    request: str | None = None,
) -> Session:
    """Sit down at a window. The same clerk at the same window comes back to what was open there.

    Raises WrongPassword, SignedInElsewhere, or WindowTaken (unless ``take_over``: the other one left without
    signing out). Whoever takes over answers the window's call; a visit left open is there as a forgotten one. To refuse
    it because of them would keep the window shut until the other one is back. ``request`` is the counter's id of this
    wish: twice the same is one sign-in; NotSignedIn if it has ended since.
    """
    member = check_password(hall, number, password)
    hall.window(window)
    by = Clerk(station, member.number, window)
    try:
        return _seated(hall, by, take_over, request)
    except Known:
        with look(hall) as db:
            there = people.session_at(db, hall.id, window)
        if there is None or there.staff != member.number:
            raise NotSignedIn from None
        return there


def _seated(hall: Hall, by: Clerk, take_over: bool, request: str | None) -> Session:
    """Raises Known."""
    with step(hall) as doing:
        doing.require_new(request)
        elsewhere = people.session_of(doing.db, hall.id, by.staff)
        if elsewhere is not None and elsewhere.window != by.window:
            raise SignedInElsewhere(elsewhere.window)
        there = people.session_at(doing.db, hall.id, by.window)
        new = Session(by.window, by.staff, doing.now)
        changes, data = [added(new)], {}
        if there is not None and there.staff == by.staff:
            since = there.since if business_day(there.since, hall.rules.zone) == doing.day else doing.now
            new = replace(there, since=since, pause_reason=None, paused_at=None)
            changes = [changed(there, new)]
        elif there is not None:
            if not take_over:
                raise WindowTaken(by.window, there.staff)
            changes, data = [removed(there), added(new)], {"took_over": there.staff}
        doing.record(Kind.SIGNED_IN, by, [*changes, *_brought(doing, by)], data=data, request=request)
        return new


def _brought(doing: Step, by: Clerk) -> list[Change]:
    """The visit that the clerk left open today at another window, which somebody took over, goes on here: the board,
    a rater and whoever holds or transfers its ticket look for it where its clerk is."""
    visit = visits.open_visit_of(doing.db, doing.hall.id, by.staff)
    if visit is None or visit.window == by.window or visit.day != doing.day:
        return []
    ticket = doing.ticket_of(visit)
    moved = [changed(ticket, replace(ticket, window=by.window))] if ticket else []
    return [changed(visit, replace(visit, window=by.window)), *moved]


def sign_out(hall: Hall, by: Clerk) -> None:
    """Leave the window. Raises WindowBusy while a call or visit is open."""
    with step(hall) as doing:
        session = signed_in(doing, by)
        if queue.open_call_at(doing.db, hall.id, session.window) or visits.open_visit_of(doing.db, hall.id, by.staff):
            raise WindowBusy
        doing.record(Kind.SIGNED_OUT, by, [removed(session)])


def pause(hall: Hall, by: Clerk, reason: str) -> Session:
    """暂停服务 with a reason; the board shows it. Raises BadInput without one, or WrongState for a paused window."""
    if not reason.strip():
        raise BadInput("reason")
    with step(hall) as doing:
        session = signed_in(doing, by)
        if session.pause_reason is not None:
            raise WrongState(f"window {by.window}", "paused")
        paused = replace(session, pause_reason=reason.strip(), paused_at=doing.now)
        doing.record(Kind.PAUSED, by, [changed(session, paused)], data={"reason": reason.strip()})
        return paused


def unpause(hall: Hall, by: Clerk) -> Session:
    """The window is open again. Raises WrongState for one that is not paused."""
    with step(hall) as doing:
        session = signed_in(doing, by)
        if session.pause_reason is None:
            raise WrongState(f"window {by.window}", "not paused")
        opened = replace(session, pause_reason=None, paused_at=None)
        doing.record(Kind.UNPAUSED, by, [changed(session, opened)])
        return opened


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(SHORTEST_PASSWORD)
    return _HASHER.hash(password)
