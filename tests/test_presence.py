"""PCs of a hall know which of them are at work, and that no two go by one name."""

from contextlib import ExitStack, closing
from threading import Event

import psycopg
import pytest

from hallapp.app.hall import configured, hall_at_work, prepare_folder
from hallapp.domain.upkeep import NameTaken
from hallapp.store.feed import wakeups
from hallapp.store.rights import RoleKind
from hallapp.ui.startup import startup_sentence
from tests.roles import pc_at_work, served  # noqa: F401

STORE = '\n[store]\nurl = "{url}"\npc = "{pc}"\n'
NAMES = "SELECT application_name FROM pg_stat_activity WHERE usename = %s AND application_name > 'hallapp '"


@pytest.fixture
def other_pc(served):  # noqa: F811
    """``other_pc(pc)``: the session of a desk PC elsewhere that gave its last beat ``ago`` seconds ago."""
    with ExitStack() as running:
        def session(pc, ago=0, hall_id=served.ours):
            return running.enter_context(pc_at_work(served.address(RoleKind.DESK, hall_id), hall_id, pc, ago))

        yield session


@pytest.fixture
def folder(tmp_path, served):  # noqa: F811
    """The data folder of a kiosk PC called 东侧."""
    file = prepare_folder(tmp_path / "pc")
    text = file.read_text(encoding="utf-8").replace('id = "hall"', f'id = "{served.ours}"')
    file.write_text(text + STORE.format(url=served.address(RoleKind.KIOSK), pc="东侧"), encoding="utf-8")
    return file.parent


def opened(folder):
    return closing(hall_at_work(configured(folder), folder).store)


def test_of_two_pcs_of_one_name_the_later_one_is_told_which_line_to_change(folder, other_pc):
    other_pc("东侧")
    with pytest.raises(NameTaken) as taken:
        opened(folder)
    said = startup_sentence(taken.value)
    assert "“东侧”" in said
    assert f"把 {folder / 'hall.toml'} 里 [store] 的 pc 改成另一个名字" in said


def test_a_pc_opens_beside_its_own_programs_and_other_pcs(folder, other_pc, served):  # noqa: F811
    other_pc("西侧")
    other_pc("东侧", hall_id=served.theirs)
    with opened(folder), opened(folder):
        pass


def test_a_pc_takes_the_place_of_one_that_lost_its_power_or_whose_program_ended(folder, other_pc):
    other_pc("东侧", ago=20)
    other_pc("东侧").close()
    with opened(folder):
        pass


def test_sessions_that_are_none_of_ours_are_no_pcs(folder, served):  # noqa: F811
    with psycopg.connect(served.url, application_name="hallapp x y z"), opened(folder):
        pass


def test_a_station_renews_its_sign_with_every_beat(folder, served):  # noqa: F811
    with opened(folder) as store, psycopg.connect(served.address(RoleKind.DESK), autocommit=True) as desk:
        looks, seen = wakeups(store, store.listen(), Event()), set()
        for _ in range(3):
            next(looks)
            seen |= set(desk.execute(NAMES, (served.role(RoleKind.KIOSK),)))
        looks.close()
    assert len(seen) == 3
