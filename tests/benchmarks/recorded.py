"""What the service functions really send to PostgreSQL, written out as a script for pgbench.

A visit is played once and its statements are taken down at the driver. In the script a hall is a random number, ids
that the visit's own events gave out come from the script's own ``UPDATE hall ... RETURNING seq``, and numbers, serials
and request ids, which must be unique, follow from those; everything else stands in the text as it was sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import psycopg
from psycopg.types.json import Json, Jsonb
from sqlalchemy import Engine, event

from hallapp.store.wire import Wire

UNIQUE = ("number", "serial", "request", "asked")
NEXT_SEQ = re.compile(r"^UPDATE hall SET seq\b.*RETURNING seq")


class Recorded:
    """The statements sent over an engine: ``taken`` is a list of (text, parameters), transactions' ends included."""

    def __init__(self, engine: Engine) -> None:
        self.taken: list[tuple[str, Any]] = []
        recorded = self

        class Cursor(psycopg.Cursor[Any]):
            def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
                recorded.taken.append((str(query), params))
                return super().execute(query, params, **more)

        class RecordedWire(Wire):
            def begin(self, transaction: bytes) -> None:
                recorded.taken.append((transaction.decode(), None))
                super().begin(transaction)

            def ask(self, text: bytes, values: Sequence[Any]) -> Any:
                recorded.taken.append(named(text.decode(), values))
                return super().ask(text, values)

        @event.listens_for(engine, "connect")
        def _on_connect(driver: psycopg.Connection[Any], _record: Any) -> None:
            driver.cursor_factory = Cursor
            driver.__class__ = RecordedWire

        event.listen(engine, "commit", lambda _: self.taken.append(("COMMIT", None)))
        engine.dispose()


def named(text: str, values: Sequence[Any]) -> tuple[str, dict[str, Any]]:
    """The statement with a name for each of its values that begins with the column's."""
    columns = {found[2]: found[1] for found in re.finditer(r"(\w+)\"? = \$(\d+)", text)}
    inserted = re.search(r"INSERT INTO \w+ \(([^)]*)\) VALUES \((.*)\)", text)
    if inserted:
        places = re.findall(r"\$(\d+)", inserted[2])
        columns |= dict(zip(places, inserted[1].replace('"', "").split(", "), strict=True))
    names = {f"{place}": f"{columns.get(f'{place}', 'value')}_{place}" for place in range(1, len(values) + 1)}
    return (re.sub(r"\$(\d+)", lambda found: f"%({names[found[1]]})s", text.replace("%", "%%")),
            dict(zip(names.values(), values, strict=True)))


def script(taken: list[tuple[str, Any]], hall_id: str, first: int, halls: str) -> str:
    """A pgbench script of what was taken down in ``hall_id``, whose first event in it is ``first``; ``halls`` sets the
    variable ``hall``."""
    seqs = 0
    lines = [halls]
    for query, parameters in taken:
        if query.strip() in ("", ";"):  # the pool's question whether the connection still stands
            lines.append("SELECT 1;")
        elif NEXT_SEQ.match(query):
            seqs += 1
            lines.append(f"{_filled(query, parameters, hall_id, first)} \\gset s{seqs}_")
        else:
            lines.append(f"{_filled(query, parameters, hall_id, first)};")
    return "\n".join(lines) + "\n"


def _filled(query: str, parameters: Any, hall_id: str, first: int) -> str:
    text = " ".join(query.split())
    if not parameters:
        return text
    if isinstance(parameters, dict):
        return re.sub(r"%\((\w+)\)s", lambda found: _value(found[1], parameters[found[1]], hall_id, first), text)
    values = iter(parameters)
    return re.sub("%s", lambda _: _value("", next(values), hall_id, first), text)


def _value(name: str, raw: Any, hall_id: str, first: int) -> str:
    if raw == hall_id:
        return ":hall"
    if raw is not None and any(name.startswith(one) for one in UNIQUE):
        return ":s1_seq"
    if isinstance(raw, int) and not isinstance(raw, bool) and first - 1 <= raw < first + 100:
        return "(:s1_seq - 1)" if raw == first - 1 else f":s{raw - first + 1}_seq"
    if isinstance(raw, (bool, int, float)):
        return str(raw).lower()
    if raw is None:
        return "NULL"
    if isinstance(raw, psycopg.Binary):
        raw = raw.obj
    if isinstance(raw, bytes):
        return f"E'\\\\x{raw.hex()}'::bytea"
    if isinstance(raw, (Json, Jsonb)):
        raw = json.dumps(raw.obj, ensure_ascii=False)
    if isinstance(raw, (date, datetime)):
        raw = raw.isoformat()
    return "E'" + str(raw).replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3A") + "'"
