"""Every statement that a hall's services send to a server names the hall, for every table it touches: an engine that
spreads the tables over servers by their first column sends it to one. Recorded at the driver over whole days."""

import re
from collections import defaultdict

import pytest
import sqlglot
from sqlglot import exp

from hallapp.domain.codes import TicketCode
from hallapp.domain.errors import HallError
from hallapp.domain.events import By, Clerk
from hallapp.domain.notice import NoticeLine, Situation
from hallapp.domain.staff import Role, Staff
from hallapp.services import (
    appointments,
    copies,
    counter,
    hardware_caller,
    kiosk,
    notices,
    printing,
    ratings,
    reports,
    staff,
    standing,
    visits,
)
from hallapp.store import tables
from hallapp.store.rights import RIGHTS, RoleKind
from tests.benchmarks.recorded import Recorded
from tests.conftest import PASSWORD
from tests.roles import served  # noqa: F401
from tests.services import played_days
from tests.services.conftest import CLERKS, KIOSK
from tests.services.replay import check_store
from tests.services.test_replay import moves
from tests.services.test_roles import DayOfRoles, PlayOfRoles, clock, stations  # noqa: F401

OURS, ANOTHER = "ours", "another value"
STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")  # not a transaction's begin and end
EVERYWHERE = ("alembic_version", "station_role")  # no hall's rows


def read(query, parameters, hall_id):
    """The statement as a tree, the values that are the hall's id marked as such."""
    def literal(found):
        return f"'{OURS if parameters[found[1]] == hall_id else ANOTHER}'"

    return sqlglot.parse_one(re.sub(r"%\((\w+)\)s", literal, query), dialect="postgres")


def unnamed(tree):
    """The tables that the statement touches without naming the hall's own id for them."""
    for table in tree.find_all(exp.Table):
        if table.name in tables.metadata.tables and not named(table):
            yield table.name


def named(table):
    scope = table.find_ancestor(exp.Select, exp.Update, exp.Insert, exp.Delete)
    if isinstance(scope, exp.Insert):
        columns = [one.name for one in scope.this.expressions]
        return all(row.expressions[columns.index("hall_id")].name == OURS for row in scope.expression.expressions)
    conditions = [scope.args["where"].this] if scope.args.get("where") else []
    conditions += [join.args["on"] for join in scope.args.get("joins") or () if join.args.get("on")]
    equal = [part.unnest() for one in conditions for part in (one.flatten() if isinstance(one, exp.And) else [one])]
    mine = {column for one in equal if isinstance(one, exp.EQ) for column in pinned(one)}
    # of two tables that are joined by the hall's id, one is enough
    linked = [{side.table for side in (one.left, one.right)} for one in equal if isinstance(one, exp.EQ)
              and isinstance(one.left, exp.Column) and isinstance(one.right, exp.Column)
              and one.left.name == one.right.name == "hall_id"]
    for pair in linked * 2:
        if pair & mine:
            mine |= pair
    return bool({table.alias_or_name, ""} & mine)


def pinned(equal):
    """The qualifier of a ``hall_id`` that is said to be the hall's own."""
    for column, other in ((equal.left, equal.right), (equal.right, equal.left)):
        value = other.find(exp.Literal)
        if isinstance(column, exp.Column) and column.name == "hall_id" and value is not None and value.name == OURS:
            yield column.table


def used(tree):
    """Which rights the statement needs: (table, right)."""
    for table in tree.find_all(exp.Table):
        scope = table.find_ancestor(exp.Select, exp.Update, exp.Insert, exp.Delete)
        target = scope.this.this if isinstance(scope.this, exp.Schema) else scope.this
        yield table.name, "SELECT" if isinstance(scope, exp.Select) or target is not table else scope.key.upper()


@pytest.mark.parametrize(("query", "forgotten"), [
    ("SELECT * FROM ticket WHERE hall_id = %(h)s AND day = %(d)s", []),
    ("SELECT * FROM ticket WHERE day = %(d)s", ["ticket"]),
    ("SELECT * FROM ticket WHERE hall_id = %(d)s", ["ticket"]),
    ("SELECT * FROM ticket WHERE hall_id = %(h)s OR day = %(d)s", ["ticket"]),
    ("SELECT * FROM ticket WHERE NOT hall_id = %(h)s", ["ticket"]),
    ("SELECT * FROM ticket WHERE hall_id <> %(h)s", ["ticket"]),
    ("SELECT * FROM ticket JOIN call ON call.ticket_id = ticket.id WHERE ticket.hall_id = %(h)s", ["call"]),
    ("SELECT * FROM ticket JOIN call ON call.hall_id = ticket.hall_id WHERE ticket.hall_id = %(h)s", []),
    ("SELECT * FROM ticket WHERE hall_id = %(h)s AND id IN (SELECT ticket_id FROM call)", ["call"]),
    ("SELECT 1 FROM ticket WHERE hall_id = %(h)s UNION ALL SELECT 2 FROM call", ["call"]),
    ("UPDATE hall SET seq = seq + 1 WHERE hall_id = %(h)s::VARCHAR", []),
    ("UPDATE hall SET seq = seq + 1", ["hall"]),
    ("DELETE FROM session WHERE \"window\" = %(d)s", ["session"]),
    ("INSERT INTO session (hall_id, staff) VALUES (%(h)s, %(d)s)", []),
    ("INSERT INTO session (hall_id, staff) VALUES (%(d)s, %(h)s)", ["session"]),
    ("WITH a AS (UPDATE hall SET head = %(d)s) INSERT INTO event (hall_id) VALUES (%(h)s)", ["hall"]),
])
def test_a_forgotten_hall_is_seen(query, forgotten):
    assert list(unnamed(read(query, {"h": "ours", "d": "theirs"}, "ours"))) == forgotten


def live(desks, kiosks):
    """What the days of services.played_days and of services.test_replay leave out."""
    third = Clerk("window-3", "0400", 3)
    staff.add_staff(desks, By("setup"), Staff(third.staff, "李强", Role.CLERK), PASSWORD)
    staff.sign_in(desks, third.station, third.staff, PASSWORD, third.window)
    staff.pause(desks, third, "lunch")
    staff.unpause(desks, third)
    visit = visits.walk_in(desks, third)
    item, missing = visits.start_item(desks, third, "NT01"), (NoticeLine("身份证", True, 1),)
    draft = notices.NoticeDraft(item.id, Situation.CONSULTATION, missing)
    kept, given_up = (appointments.book(desks, third, appointments.Booking(one.slot.starts_at, "enrol"), "kiosk")
                      for one in appointments.book_of(desks).open[:2])
    kiosk.issue(kiosks, KIOSK, kiosk.Wish(appointment=kept.code))
    appointments.withdraw(desks, third, given_up.code)
    notices.give_notice(desks, third, draft, "kiosk")
    for job in printing.open_jobs(kiosks, "kiosk"):
        printing.content(kiosks, job)
    visits.void_visit(desks, By("supervisor"), visit.id, "忘记结束")
    for do in (counter.call_next, visits.walk_in):
        do(desks, third)
        counter.undo(desks, third)
    visit = visits.walk_in(desks, third)
    visits.start_item(desks, third, "NT01")
    counter.undo(desks, third)
    visits.finish_visit(desks, third)
    ratings.not_rated(desks, third, visit.id)
    ratings.rate(desks, third, visit.id, 5)
    staff.sign_out(desks, third)
    staff.change_staff(desks, By("setup"), Staff("0312", "王芳", Role.CLERK), PASSWORD)
    staff.check_password(desks, "0312", PASSWORD)
    staff.everyone(desks)
    issued = kiosk.issue(desks, KIOSK, kiosk.Wish("enrol", request="at the desk"), "kiosk").ticket
    kiosk.issued_before(kiosks, kiosk.Wish("enrol", request="at the desk"))
    standing.standing(kiosks, TicketCode(issued.day, issued.number))
    printing.cancel(desks, By("supervisor"), copies.reprint_number(desks, By("supervisor"), issued.number, "kiosk").id)
    reports.days(desks)
    reports.report_pdf(desks, desks.today())
    hardware_caller.seats(desks)


@pytest.fixture
def recorded(stations, clock, tmp_path):  # noqa: F811
    """The statements of whole days, by kind of role."""
    desks, kiosks = stations
    taken = {kind: Recorded(hall.store.engine) for kind, hall in ((RoleKind.DESK, desks), (RoleKind.KIOSK, kiosks))}
    live(desks, kiosks)
    for play in (played_days.ordinary, played_days.taken_back, played_days.forgotten):
        clock.advance(minutes=24 * 60)
        for by in CLERKS:
            staff.sign_in(desks, by.station, by.staff, PASSWORD, by.window, take_over=True)
        try:
            play(PlayOfRoles(desks, kiosks, clock))
        except HallError:  # it expects to be the first day
            continue
    day = DayOfRoles(desks, kiosks, clock)
    for seed in (1, 2):
        clock.advance(minutes=24 * 60)
        for name, by, pick in moves(seed):
            clock.advance(1)
            try:
                getattr(day, name)(by, pick)
            except HallError:
                continue
            day.look_around()
    check_store(desks.store, tmp_path / "replayed.db")
    return {kind: list(trees(one.taken, desks.id)) for kind, one in taken.items()}


def trees(taken, hall_id):
    """Each different statement once: its text and its tree."""
    seen = {(query, tuple(name for name, value in parameters.items() if value == hall_id))
            for query, parameters in taken if isinstance(parameters, dict)}
    seen |= {(query, ()) for query, parameters in taken if parameters is None and STATEMENT.match(query)}
    for query, ours in seen:
        yield query, read(query, defaultdict(str, dict.fromkeys(ours, OURS)), OURS)


def test_whole_days_name_the_hall_everywhere_and_need_every_right_they_have(recorded):
    assert min(map(len, recorded.values())) > 15
    for kind, found in recorded.items():
        assert [text for text, tree in found if list(unnamed(tree))] == [], kind
        needed = {one for _, tree in found for one in used(tree) if one[0] in tables.metadata.tables}
        given = {(table, right) for table, rights in RIGHTS[kind].items() if table not in EVERYWHERE
                 for right in re.findall(r"SELECT|INSERT|UPDATE|DELETE", rights)}
        assert needed == given, kind
