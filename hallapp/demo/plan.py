"""Who comes on the demo's day, what for, and what happens to them: a value drawn from a seed.

Arrival shares by hour and the 1.19 items a visit follow the load of a real township hall (S002, 上冈镇);
handling times are log-normal around 6 to 8 minutes for immediate items, 12 for reimbursement intake.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import log
from random import Random
from zoneinfo import ZoneInfo

from hallapp.domain.catalogue import Catalogue, Item
from hallapp.domain.handling import Outcome
from hallapp.domain.rating import CODES, Level
from hallapp.domain.ticket import HoldKind

# start, end, share of the day's visitors
HOURS = ((8.5, 9.5, 0.22), (9.5, 10.5, 0.24), (10.5, 11.5, 0.16), (13.5, 14.5, 0.14), (14.5, 15.5, 0.13),
         (15.5, 16.75, 0.11))
SECOND_ITEM = 0.22  # share of plain visits with a second item
ELDERLY_SHARE = 0.3  # before half past ten; a third of that later
# of a hundred visitors: how many give which level; None walks off without an answer
OPINIONS: dict[Level | None, int] = {
    Level.VERY_SATISFIED: 58, Level.SATISFIED: 20, Level.FAIRLY_SATISFIED: 6, Level.DISSATISFIED: 3,
    Level.VERY_DISSATISFIED: 1, None: 12,
}
REASONS_SHARE = 0.4  # of those who rate
POPULAR = {"NT02": 8, "NT06": 6, "NT04": 4, "NT07": 3, "NT12": 3, "NT13": 4, "NT14": 3, "NT09": 3, "NT08": 2}


class Story(StrEnum):
    """What is special about a visit."""

    PLAIN = "plain"
    NO_SHOW = "no_show"
    LATE = "late"  # missed, then comes back
    NOTICE = "notice"
    RETURN = "return"  # comes back with the notice's barcode
    TRANSFER = "transfer"
    HOLD = "hold"
    WALK_IN = "walk_in"
    CONSULT = "consult"
    LEAVES = "leaves"  # gives up while waiting
    BOOKED = "booked"  # has an appointment, made in the morning


@dataclass(frozen=True, slots=True)
class Errand:
    """One item of a visit with the seconds it takes and how it ends."""

    item: Item
    seconds: float
    outcome: Outcome
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a visitor answers when asked, after so many seconds; level ``None``: nothing."""

    level: Level | None
    reasons: tuple[str, ...] = ()
    seconds: float = 8.0


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who comes at ``at`` with errands; ``way`` is the seconds from the call to the window."""

    at: datetime
    group: str
    errands: tuple[Errand, ...]
    priority: bool
    story: Story
    way: float
    hold_kind: HoldKind = HoldKind.NO_PAPERS
    opinion: Opinion = Opinion(None)


def draw_day(day: date, zone: ZoneInfo, catalogue: Catalogue, visits: int, seed: int) -> tuple[Visitor, ...]:
    """``visits`` visitors in order of arrival; the same seed gives the same day."""
    random = Random(seed)
    stories = _stories(visits)
    moments = [_moment(day, zone, (n + random.random()) / visits) for n in range(visits)]
    places = _places(stories, visits, random)
    visitors = [_visitor(moment, places.get(n, Story.PLAIN), catalogue, random) for n, moment in enumerate(moments)]
    opinions = Random(f"{seed} opinions")  # of its own: what visitors think changes nothing about what they do
    return tuple(replace(visitor, opinion=_opinion(opinions))
                 for visitor in sorted(visitors, key=lambda visitor: visitor.at))


def _opinion(random: Random) -> Opinion:
    level = random.choices(list(OPINIONS), list(OPINIONS.values()))[0]
    seconds = random.uniform(4, 14)
    if level is None or random.random() >= REASONS_SHARE:
        return Opinion(level, (), seconds)
    return Opinion(level, tuple(random.sample(CODES[level], random.choice((1, 1, 2)))), seconds)


def _stories(visits: int) -> list[Story]:
    """Every story at least once from fourteen visitors on, the commoner ones in proportion."""
    one = [Story.NO_SHOW, Story.LATE, Story.NOTICE, Story.RETURN, Story.TRANSFER, Story.HOLD, Story.WALK_IN,
           Story.CONSULT, Story.LEAVES, Story.BOOKED]
    more = [Story.NOTICE, Story.CONSULT, Story.NO_SHOW, Story.HOLD, Story.WALK_IN]
    return (one + more * (visits // 40))[: max(0, visits - 1)]


def _places(stories: list[Story], visits: int, random: Random) -> dict[int, Story]:
    """A place in the day for every story; whoever was here in the morning comes back in the last fifth."""
    late = list(range(visits * 4 // 5, visits)) or [visits - 1]
    free = list(range(visits * 4 // 5))
    random.shuffle(free)
    places: dict[int, Story] = {}
    for story in stories:
        if story in (Story.RETURN, Story.BOOKED) and late:
            places[late.pop(random.randrange(len(late)))] = story
        elif free:
            places[free.pop()] = story
    return places


def _moment(day: date, zone: ZoneInfo, share: float) -> datetime:
    """The moment by which ``share`` (0 to 1) of the day's visitors have come."""
    hour = 0
    while share > HOURS[hour][2] and hour < len(HOURS) - 1:
        share -= HOURS[hour][2]
        hour += 1
    start, end, part = HOURS[hour]
    hours = start + (end - start) * min(1.0, share / part)
    return datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(seconds=round(hours * 3600))


def _visitor(at: datetime, story: Story, catalogue: Catalogue, random: Random) -> Visitor:
    elderly = random.random() < (ELDERLY_SHARE if at.hour + at.minute / 60 < 10.5 else ELDERLY_SHARE / 3)
    way = random.uniform(12, 30) * (2 if elderly else 1)
    hold_kind = random.choice(list(HoldKind))
    if story is Story.CONSULT:
        group = next(group.code for group in catalogue.groups if not group.items)
        errands = (_errand(catalogue, _drawn(catalogue, random), Outcome.CONSULTED, random),)
        return Visitor(at, group, errands, elderly, story, way)
    code = _drawn(catalogue, random, with_materials=story in (Story.NOTICE, Story.RETURN))
    outcome = Outcome.NOTICE if story is Story.NOTICE else None
    errands = [_errand(catalogue, code, outcome, random)]
    if story is Story.PLAIN and random.random() < SECOND_ITEM:
        errands.append(_errand(catalogue, _drawn(catalogue, random, but=code), None, random))
    group = next(group.code for group in catalogue.groups if code in group.items)
    return Visitor(at, group, tuple(errands), elderly, story, way, hold_kind)


def _drawn(catalogue: Catalogue, random: Random, *, with_materials: bool = False, but: str = "") -> str:
    codes = [code for group in catalogue.groups for code in group.items]
    items = [item for code in codes if code != but and (item := catalogue.find_item(code)) is not None]
    if with_materials:
        items = [item for item in items if any(not material.condition for material in item.materials)]
    return random.choices(items, [POPULAR.get(item.code, 1) for item in items])[0].code


def _errand(catalogue: Catalogue, code: str, outcome: Outcome | None, random: Random) -> Errand:
    item = catalogue.find_item(code)
    assert item is not None
    middle = 6.2 if item.immediate else 11.0
    if outcome in (Outcome.NOTICE, Outcome.CONSULTED):
        middle = 4.0
    seconds = max(70.0, min(1500.0, random.lognormvariate(log(middle * 60), 0.35)))
    forwarded = random.choice([Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.DEFERRED])
    usual = Outcome.COMPLETED if item.immediate else forwarded
    quantity = 2 if outcome is None and item.immediate and random.random() < 0.08 else 1
    return Errand(item, round(seconds * quantity, 1), outcome or usual, quantity)
