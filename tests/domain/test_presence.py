"""What programs say of themselves: short, read back as it was told, and alike whatever the process."""

import subprocess
import sys
from dataclasses import replace

from hallapp.domain.presence import Setting, Sign, pc_of, read_sign, settings_of
from hallapp.domain.rules import HallInfo, Rules, Window

INFO, WINDOWS = HallInfo("h1", "上冈镇为民服务中心"), (Window(1, frozenset({"enrol", "claim", "care", "other"})),)


def sign(pc="东侧", **changed):
    values = {"hall": INFO, "items": None, "windows": WINDOWS, "rules": Rules(), "appointments": None} | changed
    return Sign(pc_of("h1", pc), settings=settings_of(*values.values())).at("192.168.1.21")


def test_a_sign_is_read_back_and_has_room_in_a_sessions_name():
    said = f"{sign().text()} 6925c0de"
    assert read_sign(said) == (sign(), 0x6925c0de)
    assert len(f"hallapp {said}") <= 63
    assert read_sign("x y z") is None


def test_it_is_told_in_what_two_are_set_otherwise():
    other = sign(windows=(*WINDOWS, Window(2, frozenset())), rules=replace(Rules(), recall_limit=5))
    assert sign().unlike(other) == {Setting.WINDOWS, Setting.RULES}
    assert sign().unlike(sign("西侧")) == frozenset()
    assert sign().unlike(Sign(pc_of("h1", "西侧"))) == frozenset()


def test_every_process_says_the_same_of_the_same_settings():
    """A set of texts has another order in each."""
    asked, path = "from tests.domain.test_presence import sign; print(sign().settings)", ":".join(sys.path)
    said = {subprocess.run([sys.executable, "-c", asked], env={"PYTHONHASHSEED": seed, "PYTHONPATH": path},
                           capture_output=True, text=True, check=True).stdout for seed in ("1", "2", "3")}
    assert said == {f"{sign().settings}\n"}
