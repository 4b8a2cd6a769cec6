"""Whether a load hall's event log tells of everything that was answered, once and in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum

from hallapp.domain.events import HallEvent, Kind
from hallapp.store import log
from hallapp.store.db import Store, reading

# a load hall's visitor goes this way, with one item (stations)
WAY = (Kind.ISSUED, Kind.CALLED, Kind.ARRIVED, Kind.ITEM_STARTED, Kind.ITEM_FINISHED, Kind.FINISHED)
BATCH = 2000
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


class Wrong(StrEnum):
    GAP = "gap"  # a seq is missing
    CHAIN = "chain"  # the hash does not follow from the event before
    TIME = "time"  # earlier than the event before
    NUMBER = "number"  # given out twice on one day
    TWICE = "twice"  # the same step of the same ticket, visit, item or job a second time
    ORDER = "order"  # not the visitor's next step
    LOST = "lost"  # answered, and not in the log; ``seq`` is the id in the answer


@dataclass(frozen=True, slots=True)
class Fault:
    hall_id: str
    wrong: Wrong
    seq: int


def faults(store: Store, answered: Mapping[str, list[int]]) -> Iterator[Fault]:
    """What is wrong with the hall's log; ``answered``: by kind of event the ids that a station got as an answer.

    Raises StoreError kinds.
    """
    reader = _Reader()
    with reading(store) as db:
        while batch := log.events_after(db, store.hall_id, reader.seq, BATCH):
            for event in batch:
                for wrong in reader.take(event):
                    yield Fault(store.hall_id, wrong, event.seq)
        for seq in log.broken_links(db, store.hall_id):
            yield Fault(store.hall_id, Wrong.CHAIN, seq)
    for kind, ids in answered.items():
        for one in ids:
            if (kind, one) not in reader.done:
                yield Fault(store.hall_id, Wrong.LOST, one)


@dataclass(slots=True)
class _Reader:
    """One hall's log up to ``seq``."""

    seq: int = 0
    at: datetime = BEFORE_ALL
    done: set[tuple[str, int]] = field(default_factory=set)
    numbers: set[tuple[date, str]] = field(default_factory=set)
    way: dict[int, int] = field(default_factory=dict)  # by ticket, how far its visitor has come

    def take(self, event: HallEvent) -> Iterator[Wrong]:
        if event.seq != self.seq + 1:
            yield Wrong.GAP
        if event.at < self.at:
            yield Wrong.TIME
        self.seq, self.at = event.seq, event.at
        if event.kind is Kind.ISSUED and event.number is not None:
            if (event.day, event.number) in self.numbers:
                yield Wrong.NUMBER
            self.numbers.add((event.day, event.number))
        of = _id(event)
        if of is not None:
            if (event.kind.value, of) in self.done:
                yield Wrong.TWICE
            self.done.add((event.kind.value, of))
        if event.kind in WAY and event.ticket_id is not None:
            if WAY.index(event.kind) != self.way.get(event.ticket_id, 0):
                yield Wrong.ORDER
            self.way[event.ticket_id] = WAY.index(event.kind) + 1


def _id(event: HallEvent) -> int | None:
    """What a station's answer to this step carries (stations.Act)."""
    if event.kind in (Kind.ITEM_STARTED, Kind.ITEM_FINISHED):
        return int(event.data["item"])
    if event.kind in (Kind.PRINT_STARTED, Kind.PRINTED):
        return int(event.data["job"])
    return event.visit_id or event.ticket_id
