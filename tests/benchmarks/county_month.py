"""A month of a province's halls, made by the database itself: rows as the steps of the halls leave them behind.

The event log holds one event a hall and day, not ten a visit: of the log a county's report reads the last days only.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine, text

HALLS, VISITS = 1300, 800
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)

_PLAN = """
    CREATE TEMP TABLE plan AS
    SELECT 'c-' || lpad(h::text, 4, '0') AS hall_id, v, 10 * v AS id,
           CAST(:first AS date) + (v - 1) * 30 / :visits AS day,
           CAST(:morning AS timestamptz) + (v - 1) * 30 / :visits * interval '1 day' + random() * interval '7 h' AS at,
           1 + floor(random() * 3)::int AS desk, random() AS luck
    FROM generate_series(1, :halls) h, generate_series(1, :visits) v ORDER BY 1, 2
"""
_HANDLED = """
    CREATE TEMP TABLE handled AS
    SELECT p.hall_id, p.id + 2 + k AS id, p.id + 2 AS visit_id, p.id + 4 + 2 * k AS first, p.day, p.at, p.desk,
           'NT' || lpad((1 + floor(19 * random() * random()))::text, 2, '0') AS code,
           CASE WHEN random() < 0.9 THEN 1 ELSE 2 + floor(random() * 4)::int END AS quantity,
           random() AS luck, exp(random_normal(5.7, 0.6)) AS seconds
    FROM plan p, generate_series(1, CASE WHEN p.v % 4 = 0 THEN 2 ELSE 1 END) k ORDER BY p.hall_id, p.v
"""
_ROWS = (
    "hall (hall_id, seq) SELECT hall_id, max(id) + 10 FROM plan GROUP BY hall_id",
    """event (hall_id, seq, kind, at, day, station, data, changes, hash)
    SELECT hall_id, max(id) + 9, 'signed_out', max(at), day, 'window-1', '{}', '[]', '' FROM plan
    GROUP BY hall_id, day""",
    """ticket (hall_id, id, day, number, prefix, serial, "group", priority, state, issued_at, rank_at, station, ahead,
            expected_minutes, returns)
    SELECT hall_id, id, day, 'A' || v, 'A', v, 'enrol', luck < 0.2,
           CASE WHEN luck > 0.97 THEN 'abandoned' ELSE 'done' END, at, at, 'kiosk-1', 3, 10, 0 FROM plan""",
    """call (hall_id, id, day, ticket_id, "window", staff, called_at, last_called_at, calls, ended_at, result)
    SELECT hall_id, id + 1, day, id, desk, desk::text, at + luck * interval '20 min', at + luck * interval '20 min',
           1 + (luck * 1.2)::int, at + (luck * 20 + 0.2 + random()) * interval '1 min',
           CASE WHEN luck > 0.97 THEN 'missed' ELSE 'arrived' END FROM plan""",
    """visit (hall_id, id, day, ticket_id, "window", staff, opened_at, state, closed_at, void_reason)
    SELECT hall_id, id + 2, day, id, desk, desk::text, at, 'closed', at + interval '40 min',
           CASE WHEN luck < 0.01 THEN 'forgotten' END FROM plan""",
    """item (hall_id, id, day, visit_id, item_code, quantity, "window", staff, immediate, mode, started_at, state,
          outcome, ended_at)
    SELECT hall_id, id, day, visit_id, code, quantity, desk, desk::text, code <> 'NT07', 'direct', at, 'ended',
           CASE WHEN luck < 0.9 THEN 'completed' ELSE 'notice' END, at + interval '9 min' FROM handled""",
    """interval (hall_id, id, item_id, started_at, clock_id, mono, ended_at, seconds)
    SELECT h.hall_id, h.first + k, h.id, h.at, 'clock', 5.0, h.at,
           round((h.seconds * (0.5 + h.luck * k / 4))::numeric, 3)::float8
    FROM handled h, generate_series(1, CASE WHEN h.luck > 0.9 THEN 2 ELSE 1 END) k""",
    """notice (hall_id, id, day, number, serial, visit_id, item_id, item_code, situation, missing, received, conditions,
            remark, reason, staff, "window", given_at)
    SELECT hall_id, id + 9, day, id::text, id, id + 2, id + 3, 'NT01',
           CASE WHEN luck < 0.03 THEN 'consultation' ELSE 'incomplete' END, '[]', '[]', '[]', '', '', desk::text, desk,
           at
    FROM plan WHERE luck < 0.1""",
    """rating (hall_id, visit_id, day, "window", staff, level, reasons, channel, at)
    SELECT hall_id, id + 2, day, desk, desk::text,
           CASE WHEN luck < 0.6 THEN 5 WHEN luck < 0.7 THEN 4 WHEN luck < 0.71 THEN 2 END, '[]', 'screen', at
    FROM plan""",
    """appointment (hall_id, id, day, serial, starts_at, ends_at, holds_until, "group", booked_at, state)
    SELECT hall_id, id + 8, day, v, at, at, at, 'enrol', at,
           CASE WHEN luck < 0.02 THEN 'withdrawn' WHEN luck < 0.19 THEN 'came' ELSE 'booked' END
    FROM plan WHERE luck < 0.2""",
)


def make(url):
    """Into a database's empty tables."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    given = {"first": FIRST, "visits": VISITS, "halls": HALLS,
             "morning": datetime(2026, 11, 1, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai"))}
    with engine.begin() as db:
        db.execute(text("SELECT setseed(0.5)"))
        db.execute(text(_PLAN), given)
        db.execute(text(_HANDLED))
        for rows in _ROWS:
            db.execute(text(f"INSERT INTO {rows}"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(text("VACUUM ANALYZE"))
    engine.dispose()
