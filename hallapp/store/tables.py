"""The hall's tables. Rows leave this package only as domain values.

``hall_id`` comes first in every key. An entity's id is the seq of the event
that created it. Columns of a value's table are named as the value's fields.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from hallapp.store.columns import Utc, key, only_where

metadata = MetaData(naming_convention={
    "pk": "pk_%(table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
})


hall = Table(
    "hall", metadata,
    Column("hall_id", String(32), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("head", LargeBinary(32)),  # the hash of the event of that seq
    Column("name", String(64), nullable=False, server_default=""),
    Column("closed_on", Date),  # from then on it opens no more
    Column("bundle_key", LargeBinary(32)),  # the public key of a hall whose events come in bundles
    Column("restored_on", Date),  # on this day the numbers of every lane come after the serial ``serials_after``
    Column("serials_after", Integer),
)

# On PostgreSQL in partitions by month of ``day`` (store.partitions), so its key and its unique index have the day in
# them; that a seq is a hall's only one follows from the hall's row, which gives them out.
event = Table(
    "event", metadata,
    *key("seq"),
    Column("kind", String(24), nullable=False),
    Column("at", Utc, nullable=False),
    Column("day", Date, nullable=False),
    Column("station", String(32), nullable=False),
    Column("staff", String(32)),
    Column("window", Integer),
    Column("ticket_id", BigInteger),
    Column("visit_id", BigInteger),
    Column("number", String(16)),
    Column("data", JSON, nullable=False),
    Column("changes", JSON, nullable=False),
    Column("request", String(40)),
    Column("hash", LargeBinary(32), nullable=False),
    only_where("uq_event_request", "request IS NOT NULL", "hall_id", "day", "request"),
    Index("ix_event_day", "hall_id", "day", "seq"),
    only_where("ix_event_window", "\"window\" IS NOT NULL", "hall_id", "window", "seq", unique=False),
)

# Months of the event log that were written to a file and taken out of the table; the log goes on after ``head``.
archive = Table(
    "archive", metadata,
    *key("month", kind=Date),
    Column("first_seq", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("head", LargeBinary(32), nullable=False),
)

ticket = Table(
    "ticket", metadata,
    *key("id"),
    Column("day", Date, nullable=False),
    Column("number", String(16), nullable=False),
    Column("prefix", String(4), nullable=False),
    Column("serial", Integer, nullable=False),
    Column("group", String(32), nullable=False),
    Column("item_code", String(32)),
    Column("priority", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("issued_at", Utc, nullable=False),
    Column("rank_at", Utc, nullable=False),
    Column("station", String(32), nullable=False),
    Column("ahead", Integer, nullable=False),
    Column("expected_minutes", Integer),
    Column("window", Integer),
    Column("target_window", Integer),
    Column("return_window", Integer),
    Column("hold_kind", String(16)),
    Column("changed_at", Utc),
    Column("returns", Integer, nullable=False),
    Column("notice_id", BigInteger),
    Column("booked_for", Utc),
    UniqueConstraint("hall_id", "day", "number", name="uq_ticket_number"),
    UniqueConstraint("hall_id", "day", "prefix", "serial", name="uq_ticket_serial"),
    only_where("ix_ticket_waiting", "state = 'waiting'", "hall_id", "day", "rank_at", "id", unique=False),
    only_where("ix_ticket_aside", "state IN ('held', 'missed')", "hall_id", "day", "id", unique=False),
)

call = Table(
    "call", metadata,
    *key("id"),
    Column("day", Date, nullable=False),
    Column("ticket_id", BigInteger, nullable=False),
    Column("window", Integer, nullable=False),
    Column("staff", String(32), nullable=False),
    Column("called_at", Utc, nullable=False),
    Column("last_called_at", Utc, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("ended_at", Utc),
    Column("result", String(16)),
    Index("ix_call_day", "hall_id", "day", "id"),
    Index("ix_call_ticket", "hall_id", "ticket_id"),
    only_where("uq_call_open_ticket", "result IS NULL", "hall_id", "ticket_id"),
    only_where("uq_call_open_window", "result IS NULL", "hall_id", "window"),
)

visit = Table(
    "visit", metadata,
    *key("id"),
    Column("day", Date, nullable=False),
    Column("ticket_id", BigInteger),
    Column("window", Integer, nullable=False),
    Column("staff", String(32), nullable=False),
    Column("opened_at", Utc, nullable=False),
    Column("state", String(8), nullable=False),
    Column("closed_at", Utc),
    Column("void_reason", Text),
    Column("notice_id", BigInteger),
    Index("ix_visit_day", "hall_id", "day", "id"),
    Index("uq_visit_ticket", "hall_id", "ticket_id", unique=True),
    only_where("uq_visit_open_staff", "state = 'open'", "hall_id", "staff"),
    only_where("ix_visit_unclosed", "state <> 'closed'", "hall_id", "id", unique=False),
)

item = Table(
    "item", metadata,
    *key("id"),
    Column("day", Date, nullable=False),
    Column("visit_id", BigInteger, nullable=False),
    Column("item_code", String(32), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("window", Integer, nullable=False),
    Column("staff", String(32), nullable=False),
    Column("immediate", Boolean, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("started_at", Utc, nullable=False),
    Column("state", String(16), nullable=False),
    Column("outcome", String(16)),
    Column("ended_at", Utc),
    Index("ix_item_day", "hall_id", "day", "id"),
    Index("ix_item_visit", "hall_id", "visit_id"),
    only_where("uq_item_running", "state = 'running'", "hall_id", "visit_id"),
)

interval = Table(
    "interval", metadata,
    *key("id"),
    Column("item_id", BigInteger, nullable=False),
    Column("started_at", Utc, nullable=False),
    Column("clock_id", String(64), nullable=False),
    Column("mono", Double, nullable=False),
    Column("ended_at", Utc),
    Column("seconds", Double),
    Index("ix_interval_item", "hall_id", "item_id"),
    only_where("uq_interval_open", "seconds IS NULL", "hall_id", "item_id"),
)

notice = Table(
    "notice", metadata,
    *key("id"),
    Column("day", Date, nullable=False),
    Column("number", String(16), nullable=False),
    Column("serial", Integer, nullable=False),
    Column("visit_id", BigInteger, nullable=False),
    Column("item_id", BigInteger, nullable=False),
    Column("item_code", String(32), nullable=False),
    Column("situation", String(16), nullable=False),
    Column("missing", JSON, nullable=False),
    Column("received", JSON, nullable=False),
    Column("conditions", JSON, nullable=False),
    Column("remark", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("staff", String(32), nullable=False),
    Column("window", Integer, nullable=False),
    Column("given_at", Utc, nullable=False),
    UniqueConstraint("hall_id", "number", name="uq_notice_number"),
    Index("ix_notice_day", "hall_id", "day", "serial"),
)

rating = Table(
    "rating", metadata,
    *key("visit_id"),
    Column("day", Date, nullable=False),
    Column("window", Integer, nullable=False),
    Column("staff", String(32), nullable=False),
    Column("level", Integer),
    Column("reasons", JSON, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("at", Utc, nullable=False),
    Index("ix_rating_day", "hall_id", "day", "visit_id"),
)

# ``place`` is one of a slot's, as many as the hall takes in it; a withdrawn appointment has none.
appointment = Table(
    "appointment", metadata,
    *key("id"),
    Column("day", Date, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("place", Integer),
    Column("starts_at", Utc, nullable=False),
    Column("ends_at", Utc, nullable=False),
    Column("holds_until", Utc, nullable=False),
    Column("group", String(32), nullable=False),
    Column("item_code", String(32)),
    Column("booked_at", Utc, nullable=False),
    Column("state", String(16), nullable=False),
    Column("ticket_id", BigInteger),
    UniqueConstraint("hall_id", "day", "serial", name="uq_appointment_serial"),
    UniqueConstraint("hall_id", "starts_at", "place", name="uq_appointment_place"),
    UniqueConstraint("hall_id", "ticket_id", name="uq_appointment_ticket"),
)

print_job = Table(
    "print_job", metadata,
    *key("id"),
    Column("day", Date, nullable=False),
    Column("printer", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("ref_id", BigInteger, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("state", String(16), nullable=False),
    Column("copy", Boolean, nullable=False),
    Column("changed_at", Utc),
    Column("problem", String(64), nullable=False),
    only_where("ix_print_job_open", "state NOT IN ('printed', 'cancelled')", "hall_id", "printer", "id",
                unique=False),
)

staff = Table(
    "staff", metadata,
    *key("number", kind=String(32)),
    Column("name", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("phone", String(32), nullable=False),
    Column("active", Boolean, nullable=False),
)

session = Table(
    "session", metadata,
    *key("window", kind=Integer),
    Column("staff", String(32), nullable=False),
    Column("since", Utc, nullable=False),
    Column("pause_reason", Text),
    Column("paused_at", Utc),
    UniqueConstraint("hall_id", "staff", name="uq_session_staff"),
)

# Password hashes are no hall history: they stay out of the event log and of replay.
credential = Table(
    "credential", metadata,
    *key("number", kind=String(32)),
    Column("password", String(256), nullable=False),
)

# What came from a hall in a closed network; ``head``: the hash, in hex, of the hall's own log at ``last_seq``.
bundle = Table(
    "bundle", metadata,
    *key("last_day", kind=Date),
    Column("first_day", Date, nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("head", String(64), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("taken_at", Utc, nullable=False),
)

STATE_TABLES = (ticket, call, visit, item, interval, notice, rating, appointment, print_job, staff, session)
