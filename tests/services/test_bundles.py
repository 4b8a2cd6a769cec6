"""A hall's bundles: what leaves the hall, what a county takes in, and what it refuses."""

import gzip
import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hallapp.domain.bundle import difference, plain_figures
from hallapp.domain.county import CountyRefused, Period
from hallapp.domain.errors import HallError
from hallapp.domain.events import By, Clerk, Kind
from hallapp.domain.notice import NoticeLine, Situation
from hallapp.domain.rules import HallInfo, Rules
from hallapp.domain.staff import Role, Staff
from hallapp.services import bundle_import, county, reports, staff, visits
from hallapp.services.bundle_export import borders, bundle, keep_borders, key_of
from hallapp.services.bundle_file import SIGNATURE, HallKey, opened, private_key, sealed
from hallapp.services.desk import desk
from hallapp.services.hall import Hall, step
from hallapp.services.notices import NoticeDraft, give_notice
from hallapp.store import bundles, log, people, stripping, tables
from hallapp.store.db import Store, reading
from hallapp.store.opening import open_county, open_postgres, open_sqlite
from hallapp.store.rows import added
from tests.conftest import PASSWORD, TestClock
from tests.services import played_days
from tests.services.conftest import CLERKS
from tests.services.played_days import Play
from tests.services.replay import check_store, rows
from tests.services.test_replay import moves
from tests.services.test_reports import LongDay

NOW = datetime(2026, 12, 1, tzinfo=UTC)
FIRST = date(2026, 11, 23)


@pytest.fixture(scope="module")
def county_store(postgres_url):
    open_postgres(postgres_url, "county-bundles").close()
    store = open_county(postgres_url)
    yield store
    store.close()


@pytest.fixture
def key(tmp_path):
    return private_key(tmp_path)


@pytest.fixture
def new_hall(tmp_path, catalogue, windows, _hashed):
    """``new_hall(path)``: a hall with two clerks at their windows on a store of its own."""
    opened_stores = []

    def make(store=None):
        hall_id = uuid4().hex if store is None else store.hall_id
        store = store or open_sqlite(tmp_path / f"{hall_id}.db", hall_id)
        opened_stores.append(store)
        hall = Hall(store, HallInfo(hall_id, "上冈镇为民服务中心"), Rules(), windows, catalogue, TestClock())
        for by in CLERKS:
            with step(hall) as doing:
                people.keep_password(doing.db, hall.id, by.staff, _hashed)
                doing.record(Kind.STAFF_ADDED, By("setup"), [
                    added(Staff(by.staff, "王芳芳", Role.CLERK, phone="13912345678"))])
            staff.sign_in(hall, by.station, by.staff, PASSWORD, by.window)
        return hall

    yield make
    for one in opened_stores:
        one.close()


@pytest.fixture
def hall(new_hall):
    return new_hall()


@pytest.fixture
def trusted(county_store, hall, key):
    """The hall, whose key the county knows."""
    bundle_import.trust(county_store, key_of(hall, key))
    return hall


@pytest.fixture
def take(county_store):
    def into(data, name="stick.hallbundle"):
        return bundle_import.take(county_store, data, name, NOW)[1]

    return into


@pytest.fixture
def refused(take, county_store, hall):
    """``refused(data)``: why the county does not take it, and that nothing of it stays."""

    def ask(data):
        before = there(county_store, hall.id)
        with pytest.raises(CountyRefused) as error:
            take(data)
        assert there(county_store, hall.id) == before
        return error.value.why, error.value.more

    return ask


def there(store, hall_id):
    """Everything the county has of a hall."""
    with reading(store) as db:
        return {name: sorted(map(repr, db.execute(table.select().where(table.c.hall_id == hall_id))))
                for name, table in tables.metadata.tables.items()}


def view(store, hall):
    return Store(store.engine, store.kind, hall.id, store.where)


def days(hall):
    """From the hall's first day to the one before its today."""
    first = min(reports.days(hall))
    return [first + timedelta(days=turn) for turn in range((hall.today() - first).days)]


def day_bundle(hall, day, key):
    return bundle(hall, Period(day, day), key)[1]


def following_day(hall):
    hall.clock.advance(minutes=24 * 60)


def unlike(store, hall):
    """The days on which the county's figures are not the hall's own."""
    return {day: wrong for day in reports.days(hall) if (wrong := difference(
        plain_figures(county.figures(store, Period(day, day), [hall.id]).total),
        plain_figures(reports.figures(hall, day))))}


@pytest.mark.parametrize("play", played_days.DAYS, ids=lambda play: play.__name__)
def test_the_county_says_of_a_day_what_the_hall_says(play, trusted, county_store, key, take, tmp_path):
    play(Play(trusted, trusted.clock))
    following_day(trusted)
    for day in days(trusted):
        assert take(day_bundle(trusted, day, key))
    assert unlike(county_store, trusted) == {}
    check_store(view(county_store, trusted), tmp_path / "replayed.db")


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_whatever_happens_each_days_bundle_fits_and_the_figures_agree(county_store, new_hall, key, take, seed):
    hall = new_hall()
    bundle_import.trust(county_store, key_of(hall, key))
    play = LongDay(hall, hall.clock)
    for turn, (name, by, pick) in enumerate(moves(seed)):
        hall.clock.advance(1)
        with suppress(HallError):
            getattr(play, name)(by, pick)
        if turn % 40 == 39:
            following_day(hall)
    following_day(hall)
    for day in days(hall):
        take(day_bundle(hall, day, key))
    assert unlike(county_store, hall) == {}


def test_a_hall_on_a_server_of_its_own_hands_over_the_same(new_hall, county_store, key, take, database):
    hall = new_hall(open_postgres(database, uuid4().hex))
    bundle_import.trust(county_store, key_of(hall, key))
    played_days.over_night(Play(hall, hall.clock))
    following_day(hall)
    for day in days(hall):
        assert take(day_bundle(hall, day, key))
    assert unlike(county_store, hall) == {}


@pytest.fixture
def booked_over_two_days(trusted):
    """The hall after two days with appointments; for the second some were booked on the first."""
    played_days.with_appointments(Play(trusted, trusted.clock))
    following_day(trusted)
    return trusted


def kept_of_booked(store, hall, day):
    total = county.figures(store, Period(day, day), [hall.id]).total
    return total.kept, total.booked


def test_who_came_of_those_booked_is_told_by_the_bundle_of_the_day_itself(
        booked_over_two_days, county_store, key, take):
    hall, second = booked_over_two_days, FIRST + timedelta(days=1)
    take(day_bundle(hall, FIRST, key))
    assert [kept_of_booked(county_store, hall, day) for day in (FIRST, second)] == [(1, 3), (0, 0)]
    take(day_bundle(hall, second, key))
    assert [kept_of_booked(county_store, hall, day) for day in (FIRST, second)] == [(1, 3), (1, 2)]


def test_a_bundle_of_before_appointments_were_figures_is_taken_in_and_they_are_counted(
        booked_over_two_days, county_store, key, take):
    for day in days(booked_over_two_days):
        manifest, data = bundle(booked_over_two_days, Period(day, day), key)
        _, lines = opened(data, key.public_key().public_bytes_raw(), "x")
        old = {on: {name: one for name, one in own.items() if name not in ("booked", "kept")}
               for on, own in manifest.figures.items()}
        assert old != manifest.figures
        assert take(sealed(replace(manifest, figures=old), lines, key))
    assert unlike(county_store, booked_over_two_days) == {}


def test_appointments_that_are_counted_wrong_are_noticed(booked_over_two_days, key, refused):
    manifest, data = bundle(booked_over_two_days, Period(FIRST, FIRST), key)
    _, lines = opened(data, key.public_key().public_bytes_raw(), "x")
    false = replace(manifest, figures={f"{FIRST}": {**manifest.figures[f"{FIRST}"], "kept": 2}})
    assert refused(sealed(false, lines, key)) == ("differs", f"{FIRST}.kept")


def test_a_month_is_one_bundle_and_reaches_to_its_end(trusted, county_store, key, take):
    played_days.over_night(Play(trusted, trusted.clock))
    trusted.clock.advance(minutes=9 * 24 * 60)
    month = Period.month(date(2026, 11, 1))
    manifest, data = bundle(trusted, month, key)
    assert (manifest.first_seq, manifest.period.last) == (1, date(2026, 11, 30))
    assert take(data)
    assert unlike(county_store, trusted) == {}
    found = county.figures(county_store, month, [trusted.id]).halls[0]
    assert (found.by_bundle, found.reported_to) == (True, date(2026, 11, 30))


def written_by_people(hall):
    """A day with everything in it that a person wrote or is."""
    by = Clerk("window-1", "0312", 1)
    play = Play(hall, hall.clock)
    play.arrived(by, play.ticket())
    item = visits.start_item(hall, by, "NT02", 1)
    give_notice(hall, by, NoticeDraft(
        item.id, Situation.REFUSED, (NoticeLine("张三丰的户口簿", True, 1),), (NoticeLine("李四的照片", True, 1),),
        ("听说王五",), "赵六电话13800138000", "钱七不符合"), printer="counter@吴十的电脑")
    staff.pause(hall, Clerk("window-2", "0313", 2), "孙八来访")
    visits.void_visit(hall, By("supervisor", "0312"), desk(hall, 1).visit.id, "周九忘记")
    following_day(hall)


SECRET = ("王芳芳", "13912345678", "张三丰", "李四", "王五", "赵六", "13800138000", "钱七", "孙八", "周九", "吴十",
          '"0312"', '"0313"', "argon2")


def test_no_identity_and_nothing_written_freely_leaves_the_hall(hall, key):
    written_by_people(hall)
    with reading(hall.store) as db:
        told = json.dumps([event.changes for event in log.events_after(db, hall.id, 0, 1000)], ensure_ascii=False)
    assert [word for word in SECRET[:-1] if word not in told] == []
    _, data = bundle(hall, Period(FIRST, FIRST), key)
    text = gzip.decompress(data[data.index(b"\n") + 1 + SIGNATURE:]).decode()
    assert [word for word in SECRET if word in text] == []
    assert '"voided"' in text


def test_a_clerk_has_the_same_opaque_name_in_every_bundle_and_another_in_another_hall(hall, new_hall, key):
    def names(one, own_key):
        following_day(one)
        day = min(reports.days(one))
        _, lines = opened(day_bundle(one, day, own_key), own_key.public_key().public_bytes_raw(), "x")
        return {line[5] for line in lines if line[5]}

    other = new_hall()
    assert names(hall, key) == names(hall, key)
    assert len(names(hall, key)) == 2
    assert not names(hall, key) & names(other, Ed25519PrivateKey.generate())


def test_of_every_column_it_is_decided_whether_it_leaves_the_hall():
    for table in tables.STATE_TABLES:
        blanked = {name for of, name in (*stripping.STAFF, *stripping.BLANK) if of == table.name}
        kept = stripping.KEPT[table.name]
        assert kept | blanked == {column.name for column in table.c} - {"hall_id"}
        assert not kept & blanked


def test_a_bundle_is_taken_in_once_however_often_it_comes(trusted, county_store, key, take):
    played_days.ordinary(Play(trusted, trusted.clock))
    following_day(trusted)
    data = day_bundle(trusted, FIRST, key)
    assert data == day_bundle(trusted, FIRST, key)
    assert take(data)
    before = there(county_store, trusted.id)
    assert [take(data), take(data)] == [False, False]
    assert there(county_store, trusted.id) == before


@pytest.fixture
def three_days(trusted, key):
    """The bundles of three days and of the month up to the third."""
    for _ in range(3):
        Play(trusted, trusted.clock).ticket()
        following_day(trusted)
    singles = [day_bundle(trusted, FIRST + timedelta(days=turn), key) for turn in range(3)]
    return singles, bundle(trusted, Period(FIRST, FIRST + timedelta(days=2)), key)[1]


def test_what_is_missing_before_a_bundle_is_named_by_day_and_event(three_days, take, refused):
    (first, second, third), _ = three_days
    assert refused(second)[0] == "gap"
    assert take(first)
    assert refused(third) == ("gap", "2026-11-24~2026-11-24 (#6~#6)")
    assert [take(second), take(third)] == [True, True]


def test_bundles_that_overlap_are_refused(three_days, take, refused):
    (first, second, _), whole = three_days
    take(first)
    assert refused(whole) == ("overlap", "2026-11-23")
    take(second)
    assert refused(first[:-1] + bytes([first[-1] ^ 1]))[0] == "seal"
    assert refused(whole) == ("overlap", "2026-11-24")


def test_a_day_without_an_event_is_handed_over_too(trusted, county_store, key, take):
    following_day(trusted)
    following_day(trusted)
    assert take(day_bundle(trusted, FIRST, key))
    assert take(day_bundle(trusted, FIRST + timedelta(days=1), key))
    found = county.figures(county_store, Period(FIRST, FIRST + timedelta(days=1)), [trusted.id])
    assert found.silent() == ()
    later = county.figures(county_store, Period(FIRST, FIRST + timedelta(days=2)), [trusted.id])
    assert [hall.reported_to for hall in later.silent()] == [FIRST + timedelta(days=1)]


@pytest.fixture
def hand_over(county_store, key, tmp_path):
    """``hand_over(hall)``: the bundles of all days that are over and not handed over yet; what the county said."""
    handed = {}

    def carry(hall):
        day, said = handed.get(hall.id, FIRST), []
        while day < hall.today():
            manifest, data = bundle(hall, Period(day, day), key, borders(folder_of(hall)))
            keep_borders(folder_of(hall), manifest)
            said.append(bundle_import.take(county_store, data, "x", NOW)[1])
            day = handed[hall.id] = day + timedelta(days=1)
        return said

    def folder_of(hall):
        folder = tmp_path / f"folder-{hall.id}"
        folder.mkdir(exist_ok=True)
        return folder

    carry.folder_of = folder_of
    return carry


def test_what_a_clock_that_was_set_back_wrote_for_a_day_handed_over_comes_with_the_next_bundle(
        trusted, county_store, key, hand_over):
    Play(trusted, trusted.clock).ticket()
    morning = trusted.clock.now()
    following_day(trusted)
    assert hand_over(trusted) == [True]
    first = day_bundle(trusted, FIRST, key)
    trusted.clock.set_wall(morning)
    Play(trusted, trusted.clock).ticket()
    trusted.clock.set_wall(morning + timedelta(days=1))
    Play(trusted, trusted.clock).ticket()
    following_day(trusted)
    kept = borders(hand_over.folder_of(trusted))
    assert bundle(trusted, Period(FIRST, FIRST), key, kept)[1] == first
    assert bundle(trusted, Period(FIRST, FIRST), key)[1] != first
    assert hand_over(trusted) == [True]
    assert unlike(county_store, trusted) == {}
    assert county.figures(county_store, Period(FIRST, FIRST), [trusted.id]).total.issued == 2


def test_the_figures_of_a_day_that_got_something_late_are_checked_too(trusted, key, hand_over, refused):
    Play(trusted, trusted.clock).ticket()
    morning = trusted.clock.now()
    following_day(trusted)
    hand_over(trusted)
    trusted.clock.set_wall(morning)
    Play(trusted, trusted.clock).ticket()
    trusted.clock.set_wall(morning + timedelta(days=2))
    day = FIRST + timedelta(days=1)
    manifest, data = bundle(trusted, Period(day, day), key, borders(hand_over.folder_of(trusted)))
    _, lines = opened(data, key.public_key().public_bytes_raw(), "x")
    false = replace(manifest, figures={f"{FIRST}": {**manifest.figures[f"{FIRST}"], "issued": 9}})
    assert refused(sealed(false, lines, key)) == ("differs", f"{FIRST}.issued")


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-35, 4), min_size=2, max_size=6))
def test_wherever_clocks_were_set_the_bundles_follow_each_other_and_say_it_all(
        county_store, new_hall, key, hand_over, jumps):
    hall = new_hall()
    bundle_import.trust(county_store, key_of(hall, key))
    for days_on in [1, *jumps, 1]:
        Play(hall, hall.clock).ticket()
        hall.clock.advance(minutes=days_on * 24 * 60)
        assert all(hand_over(hall))
    hall.clock.set_wall(datetime(2026, 12, 22, 3, tzinfo=UTC))
    assert all(hand_over(hall))
    assert unlike(county_store, hall) == {}
    with reading(hall.store) as here, reading(county_store) as there_:
        assert log.last_seq(here, hall.id) == log.last_seq(there_, hall.id)


def test_a_border_of_a_log_that_was_lost_counts_no_more(hall, key):
    following_day(hall)
    assert bundle(hall, Period(FIRST, FIRST), key, {FIRST + timedelta(days=1): 900}) == bundle(
        hall, Period(FIRST, FIRST), key)


@pytest.mark.parametrize("text", ["", "[]", '{"monday": 1}', '{"2026-11-23": "x"}'])
def test_a_damaged_file_of_borders_is_refused_by_name(tmp_path, text):
    (tmp_path / "bundle.borders").write_text(text)
    with pytest.raises(CountyRefused) as error:
        borders(tmp_path)
    assert (error.value.why, error.value.where) == ("borders", str(tmp_path / "bundle.borders"))


def test_the_bundle_of_a_quiet_day_may_come_after_the_next_days(trusted, county_store, key, take):
    for _ in range(3):
        following_day(trusted)
    first, second, third = (day_bundle(trusted, day, key) for day in days(trusted))
    assert [take(first), take(third)] == [True, True]
    before = there(county_store, trusted.id)
    assert take(second) is False
    assert there(county_store, trusted.id) == before


@pytest.fixture(scope="module")
def one_bundle(tmp_path_factory, catalogue):
    folder = tmp_path_factory.mktemp("one")
    store = open_sqlite(folder / "hall.db", "h1")
    hall = Hall(store, HallInfo("h1", "大厅"), Rules(), (), catalogue, TestClock())
    for _ in range(3):
        Play(hall, hall.clock).ticket()
    following_day(hall)
    key = private_key(folder)
    data = day_bundle(hall, FIRST, key)
    store.close()
    return data, key.public_key().public_bytes_raw()


def refuses(data, public):
    with pytest.raises(CountyRefused) as error:
        opened(data, public, "x")
    return error.value.why


@settings(max_examples=300)
@given(st.data())
def test_any_byte_that_was_changed_is_found(one_bundle, data):
    whole, public = one_bundle
    place, by = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(1, 255))
    assert refuses(whole[:place] + bytes([whole[place] ^ by]) + whole[place + 1:], public) in ("seal", "no_bundle")


@settings(max_examples=100)
@given(st.data())
def test_a_bundle_cut_off_lengthened_or_with_parts_swapped_is_found(one_bundle, data):
    whole, public = one_bundle
    first, second = sorted((data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, len(whole) - 1))))
    assert refuses(whole[:first], public) in ("seal", "no_bundle")
    assert refuses(whole + whole[first:], public) == "seal"
    swapped = whole[second:] + whole[first:second] + whole[:first]
    assert swapped == whole or refuses(swapped, public) in ("seal", "no_bundle")


def test_the_parts_of_two_bundles_do_not_make_a_third(three_days, refused, take):
    (first, second, _), _ = three_days
    assert take(first)
    body = first.index(b"\n") + 1 + SIGNATURE
    assert first[:body] != second[:body]
    assert refused(first[:body] + second[body:])[0] == "seal"
    assert refused(second[:body] + first[body:])[0] == "seal"


def test_an_untouched_bundle_opens(one_bundle):
    manifest, lines = opened(*one_bundle, "x")
    assert (manifest.hall_id, len(lines)) == ("h1", 3)


def test_another_halls_bundle_and_one_signed_by_another_are_refused(trusted, new_hall, key, refused, county_store):
    following_day(trusted)
    stranger = Ed25519PrivateKey.generate()
    assert refused(day_bundle(trusted, FIRST, stranger)) == ("seal", trusted.id)
    other = new_hall()
    following_day(other)
    assert refused(day_bundle(other, FIRST, key))[0] == "no_key"
    bundle_import.trust(county_store, key_of(other, stranger))
    renamed = day_bundle(other, FIRST, stranger).replace(other.id.encode(), trusted.id.encode(), 1)
    assert refused(renamed)[0] == "seal"
    assert refused(b"%PDF-1.4")[0] == "no_bundle"


def test_figures_that_the_events_do_not_give_are_refused_by_name(trusted, key, refused, take):
    played_days.ordinary(Play(trusted, trusted.clock))
    following_day(trusted)
    manifest, data = bundle(trusted, Period(FIRST, FIRST), key)
    _, lines = opened(data, key.public_key().public_bytes_raw(), "x")
    day = manifest.figures[f"{FIRST}"]
    better = {**day, "immediate": {**day["immediate"], "times": {**day["immediate"]["times"], "mean": 1.0}}}
    false = replace(manifest, figures={f"{FIRST}": better})
    assert refused(sealed(false, lines, key)) == ("differs", f"{FIRST}.immediate.times.mean")
    assert refused(sealed(replace(manifest, figures={}), lines, key))[0] == "differs"
    assert take(data)


def test_another_history_of_the_same_hall_is_refused(trusted, key, take, refused, new_hall, tmp_path):
    following_day(trusted)
    take(day_bundle(trusted, FIRST, key))
    (tmp_path / "again").mkdir()
    again = new_hall(open_sqlite(tmp_path / "again" / "hall.db", trusted.id))
    again.clock.advance(5)
    again = replace(again, info=trusted.info)
    following_day(again)
    Play(again, again.clock).ticket()
    following_day(again)
    with reading(trusted.store) as here, reading(again.store) as there_:
        assert log.last_seq(here, trusted.id) + 1 == log.last_seq(there_, again.id)
    changed = bundle(again, Period(FIRST + timedelta(days=1), FIRST + timedelta(days=1)), key)[0]
    manifest, data = bundle(again, changed.period, key)
    _, lines = opened(data, key.public_key().public_bytes_raw(), "x")
    assert refused(sealed(replace(manifest, before="00" * 32), lines, key))[0] == "history"


def test_a_day_that_is_not_over_is_not_exported(hall, key):
    with pytest.raises(CountyRefused) as error:
        day_bundle(hall, hall.today(), key)
    assert (error.value.why, error.value.where) == ("not_over", f"{FIRST}")


def test_after_an_archived_month_the_next_one_is_handed_over_and_that_one_is_not(hall, key):
    hall.clock.advance(minutes=20 * 24 * 60)
    Play(hall, hall.clock).ticket()
    november, december = Period.month(date(2026, 11, 1)), Period.month(date(2026, 12, 1))
    hall.clock.advance(minutes=30 * 24 * 60)
    whole = bundle(hall, december, key)[1]
    with hall.store.engine.begin() as db:
        last, head = db.execute(tables.event.select().where(tables.event.c.day <= november.last).order_by(
            tables.event.c.seq.desc()).with_only_columns(tables.event.c.seq, tables.event.c.hash)).first()
        db.execute(tables.archive.insert().values(
            hall_id=hall.id, month=november.first, first_seq=1, last_seq=last, head=head))
        db.execute(tables.event.delete().where(tables.event.c.seq <= last))
    assert bundle(hall, december, key)[1] == whole
    with pytest.raises(CountyRefused) as error:
        bundle(hall, november, key)
    assert error.value.why == "archived"


def test_a_log_that_was_changed_is_not_exported(hall, key):
    following_day(hall)
    with hall.store.engine.begin() as db:
        db.execute(tables.event.update().where(tables.event.c.seq == 2).values(station="elsewhere"))
    with pytest.raises(CountyRefused) as error:
        day_bundle(hall, FIRST, key)
    assert (error.value.why, error.value.where) == ("broken", "2")


def test_a_key_is_replaced_only_on_purpose(trusted, county_store, key):
    other = replace(key_of(trusted, key), public=Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    with pytest.raises(CountyRefused) as error:
        bundle_import.trust(county_store, other)
    assert (error.value.why, error.value.more) == ("other_key", key_of(trusted, key).fingerprint)
    bundle_import.trust(county_store, other, replace=True)
    assert other.fingerprint != key_of(trusted, key).fingerprint


def test_a_hall_that_works_in_the_countys_database_sends_no_bundles(postgres_url, new_hall, county_store, key):
    live = new_hall(open_postgres(postgres_url, uuid4().hex))
    with pytest.raises(CountyRefused) as error:
        bundle_import.trust(county_store, key_of(live, key))
    assert error.value.why == "works_here"


def test_a_closed_hall_sends_no_more_and_is_not_asked_for(trusted, county_store, key, refused):
    following_day(trusted)
    data = day_bundle(trusted, FIRST, key)
    with bundles.county_writing(county_store) as db:
        db.execute(tables.hall.update().where(tables.hall.c.hall_id == trusted.id).values(closed_on=FIRST))
    assert refused(data) == ("closed", f"{FIRST}")
    day_before = FIRST - timedelta(days=1)
    asked = {day: [one.hall_id for one in county.figures(county_store, Period(day, day)).halls]
             for day in (day_before, FIRST)}
    assert trusted.id in asked[day_before]
    assert trusted.id not in asked[FIRST]


def test_a_hall_bears_its_own_name_in_the_county(trusted, county_store):
    assert [one.name for one in county.figures(county_store, Period(FIRST, FIRST), [trusted.id]).halls] == [
        "上冈镇为民服务中心"]


def test_a_key_file_is_read_back_and_a_wrong_one_refused(hall, key, tmp_path):
    file = tmp_path / "hall.hallkey"
    file.write_text(key_of(hall, key).text(), encoding="utf-8")
    assert HallKey.read(file) == key_of(hall, key)
    for text in ("", "hallapp-hall-key 1\nh1\nname\nzz\n", file.read_text(encoding="utf-8")[:-20]):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(CountyRefused):
            HallKey.read(file)


def test_the_key_is_made_once_and_nobody_else_may_read_it(tmp_path):
    first = private_key(tmp_path).private_bytes_raw()
    assert private_key(tmp_path).private_bytes_raw() == first
    if os.name == "posix":
        assert (tmp_path / "bundle.key").stat().st_mode & 0o077 == 0


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from hallapp.services import bundle_import
from hallapp.store.opening import open_county
real, seen = bundle_import.event_row, []
def event_row(line):
    seen.append(line)
    if len(seen) == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(line)
bundle_import.event_row = event_row
bundle_import.take(open_county(sys.argv[1]), Path(sys.argv[2]).read_bytes(), "x", datetime.now(UTC))
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_an_import_killed_in_the_middle_leaves_nothing_and_goes_well_afterwards(
    trusted, county_store, postgres_url, key, take, tmp_path
):
    played_days.ordinary(Play(trusted, trusted.clock))
    following_day(trusted)
    file = tmp_path / "day.hallbundle"
    file.write_bytes(day_bundle(trusted, FIRST, key))
    before = there(county_store, trusted.id)
    for at in (1, 30):
        done = subprocess.run([sys.executable, "-c", KILLED, postgres_url, str(file), str(at)], check=False,
                              env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
        assert done.returncode == -9
        assert there(county_store, trusted.id) == before
    assert take(file.read_bytes())
    assert unlike(county_store, trusted) == {}
    assert rows(view(county_store, trusted))["ticket"]
