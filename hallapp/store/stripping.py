"""What leaves a hall of its event log: what happened and when, not who it was, and nothing that somebody wrote freely.

Staff numbers become names that are the same in every bundle of the hall and tell nothing outside it. What is not named
here does not go out: a test holds that every column is either kept or blanked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

Alias = Callable[[str], str]  # of a staff number

KEPT: Mapping[str, frozenset[str]] = {
    "ticket": frozenset({
        "id", "day", "number", "prefix", "serial", "group", "item_code", "priority", "state", "issued_at", "rank_at",
        "station", "ahead", "expected_minutes", "window", "target_window", "return_window", "hold_kind", "changed_at",
        "returns", "notice_id", "booked_for"}),
    "call": frozenset({
        "id", "day", "ticket_id", "window", "called_at", "last_called_at", "calls", "ended_at", "result"}),
    "visit": frozenset({
        "id", "day", "ticket_id", "window", "opened_at", "state", "closed_at", "notice_id"}),
    "item": frozenset({
        "id", "day", "visit_id", "item_code", "quantity", "window", "immediate", "mode", "started_at", "state",
        "outcome", "ended_at"}),
    "interval": frozenset({"id", "item_id", "started_at", "clock_id", "mono", "ended_at", "seconds"}),
    "notice": frozenset({
        "id", "day", "number", "serial", "visit_id", "item_id", "item_code", "situation", "window", "given_at"}),
    "rating": frozenset({"visit_id", "day", "window", "level", "reasons", "channel", "at"}),
    "appointment": frozenset({
        "id", "day", "serial", "place", "starts_at", "ends_at", "holds_until", "group", "item_code", "booked_at",
        "state", "ticket_id"}),
    "print_job": frozenset({
        "id", "day", "kind", "ref_id", "created_at", "state", "copy", "changed_at"}),
    "staff": frozenset({"role", "active"}),
    "session": frozenset({"window", "since", "paused_at"}),
    "hall": frozenset({"restored_on", "serials_after"}),
}
STAFF = frozenset({("staff", "number"), *((table, "staff") for table in (
    "call", "visit", "item", "notice", "rating", "session"))})
# What stands in place of a text that was there; an empty list for lists.
BLANK: Mapping[tuple[str, str], Any] = {
    ("visit", "void_reason"): "-", ("notice", "missing"): [], ("notice", "received"): [], ("notice", "conditions"): [],
    ("notice", "remark"): "", ("notice", "reason"): "", ("print_job", "printer"): "-", ("print_job", "problem"): "",
    ("staff", "name"): "", ("staff", "phone"): "", ("session", "pause_reason"): "",
}


def stripped(row: Mapping[str, Any], alias: Alias) -> list[Any]:
    """An event row as a bundle has it: see ``event_row``."""
    return [
        row["seq"], row["kind"], row["at"].astimezone(UTC).isoformat(), row["day"].isoformat(), row["station"],
        row["staff"] and alias(row["staff"]), row["window"], row["ticket_id"], row["visit_id"], row["number"],
        [_change(change, alias) for change in row["changes"]],
    ]


def event_row(line: list[Any]) -> dict[str, Any]:
    """A bundle's line as a row of the event table, without hall and hash. Raises ValueError for another shape."""
    seq, kind, at, day, station, staff, window, ticket_id, visit_id, number, changes = line
    return {
        "seq": seq, "kind": kind, "at": datetime.fromisoformat(at), "day": date.fromisoformat(day), "station": station,
        "staff": staff, "window": window, "ticket_id": ticket_id, "visit_id": visit_id, "number": number, "data": {},
        "changes": changes, "request": None,
    }


def _change(change: list[Any], alias: Alias) -> list[Any]:
    table, key, before, after = change
    return [table, alias(key) if table == "staff" else key, _columns(table, before, alias),
            _columns(table, after, alias)]


def _columns(table: str, values: Mapping[str, Any] | None, alias: Alias) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: _value(table, name, one, alias) for name, one in values.items()}


def _value(table: str, name: str, value: Any, alias: Alias) -> Any:
    if value is None or name in KEPT[table]:
        return value
    return alias(value) if (table, name) in STAFF else BLANK[table, name]
