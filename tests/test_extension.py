"""Another package adds a driver: it is installed, named in hall.toml, and used."""

import json
import subprocess
import sys
import zipfile

import pytest

MODULE = '''
from dataclasses import dataclass
from typing import ClassVar

from drivers.errors import BadSetting


@dataclass(frozen=True)
class Settings:
    address: int = 1
    colours: tuple[str, ...] = ("red",)

    def __post_init__(self):
        if not 1 <= self.address <= 99:
            raise BadSetting("address", "1 - 99")


class AcmeSign:
    Settings = Settings
    baudrate: ClassVar[int] = 19200

    def __init__(self, transport, settings):
        self.transport, self.settings = transport, settings
'''
WHEEL = "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
BROKEN = "import a_library_that_nobody_has\n"
TRIAL = '''
import json, sys
from pathlib import Path

from drivers.table import names
from drivers.wire import WireLog
from hallapp.config import read_config
from hallapp.devices.settings import make_driver, make_transport
from hallapp.domain.errors import ConfigError

file = Path(sys.argv[1])
try:
    [settings] = read_config(file, file.parent).devices
except ConfigError as error:
    print(json.dumps([error.key, error.problem, error.expected]))
else:
    device = make_driver(settings, make_transport(settings, WireLog(None)))
    print(json.dumps([type(device).__name__, settings.name, settings.window, device.settings.address,
                      list(device.settings.colours)]))
'''


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder into which pip put the other package."""
    folder = tmp_path_factory.mktemp("acme")
    wheel = folder / "acme_signs-1.0-py3-none-any.whl"
    info = "acme_signs-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as made:
        made.writestr("acme_signs.py", MODULE)
        made.writestr("acme_broken.py", BROKEN)
        made.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: acme-signs\nVersion: 1.0\n")
        made.writestr(f"{info}/WHEEL", WHEEL)
        made.writestr(f"{info}/entry_points.txt", "[hallapp.drivers]\nsign.acme = acme_signs:AcmeSign\n"
                                                  "sign.broken = acme_broken:Sign\n")
        made.writestr(f"{info}/RECORD", "")
    target = folder / "site"
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps",
                    "--disable-pip-version-check", "--target", str(target), str(wheel)], check=True)
    return target


@pytest.fixture
def tried(installed, tmp_path):
    """``tried(lines)``: what a program that has the package makes of a ``[[sign]]`` with these lines."""

    def run(*lines):
        file = tmp_path / "hall.toml"
        file.write_text("\n".join(['[hall]\nid = "h1"\nname = "厅"', "[[window]]\nnumber = 2", "[[sign]]", *lines]),
                        encoding="utf-8")
        program = f"import sys; sys.path.insert(0, {str(installed)!r})\n{TRIAL}"
        done = subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return run


def test_its_driver_is_used_by_its_name_with_its_own_settings(tried):
    assert tried('driver = "acme"', 'link = "COM5"', "window = 2", "address = 7", 'colours = ["green", "red"]') == [
        "AcmeSign", "sign-2", 2, 7, ["green", "red"]]


def test_settings_left_out_are_the_drivers_defaults(tried):
    assert tried('driver = "acme"', 'link = "COM5"', "window = 2") == ["AcmeSign", "sign-2", 2, 1, ["red"]]


@pytest.mark.parametrize(("lines", "key", "problem", "expected"), [
    (["address = 100"], "sign[1].address", "value", "1 - 99"),
    (['address = "one"'], "sign[1].address", "type", "int"),
    (["adress = 1"], "sign[1].adress", "unknown", ""),
])
def test_a_wrong_setting_is_told_by_key_and_what_would_be_right(tried, lines, key, problem, expected):
    assert tried('driver = "acme"', 'link = "COM5"', "window = 2", *lines) == [key, problem, expected]


def test_a_driver_nobody_has_is_told_with_those_there_are(tried):
    key, problem, expected = tried('driver = "acne"', 'link = "COM5"', "window = 2")
    assert (key, problem) == ("sign[1].driver", "value")
    assert {"acme", "onbon", "template"} <= set(expected.split(" | "))


def test_a_missing_library_breaks_its_own_driver_only(tried):
    assert tried('driver = "broken"', 'link = "COM5"', "window = 2") == [
        "sign[1].driver", "value", "pip install a_library_that_nobody_has"]


def test_a_link_and_a_window_that_cannot_be_are_told(tried):
    assert tried('driver = "acme"', 'link = "tcp://x"', "window = 2")[0] == "sign[1].link"
    assert tried('driver = "acme"', 'link = "COM5"', "window = 9") == ["sign[1].window", "value", "2"]
