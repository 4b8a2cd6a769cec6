"""This PC's hall.toml as frozen values. Every error names the file, the key and what would be right."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from drivers.errors import BadSetting, NoDriver
from drivers.escpos import PrinterProfile
from drivers.link import make_link
from drivers.table import find, names
from hallapp import paths
from hallapp.devices.settings import DeviceSettings, PrinterSettings, VoiceSettings
from hallapp.domain.catalogue import Catalogue, load_catalogue
from hallapp.domain.errors import ConfigError, ConfigProblem
from hallapp.domain.rules import HallInfo, Rules, Window

KINDS = ("screen", "network", "serial", "file", "windows")
PAPERS = {80: 48, 58: 32}  # columns of font A
WIDTHS = {32: 384, 42: 512, 48: 576}  # and the dots of the head they are printed with at 203 dpi (facts/devices 1)
PRINTERS = ("kiosk", "counter")  # and window-1, window-2 ...
STATIONS = ("kiosk", "counter")
NO_RATER, SCREEN_RATER = "none", "screen"  # raters that are no device


@dataclass(frozen=True, slots=True)
class Config:
    """All of hall.toml, checked."""

    info: HallInfo
    rules: Rules
    windows: tuple[Window, ...]
    catalogue: Catalogue
    notice: str
    printers: dict[str, PrinterSettings]
    voice: VoiceSettings
    devices: tuple[DeviceSettings, ...] = ()
    store_url: str = ""
    rater: str = NO_RATER

    @property
    def pad(self) -> DeviceSettings | None:
        """The counter's rating pad, if it has one."""
        return next((device for device in self.devices if device.kind == "rater"), None)

    def counter_printer(self, window: int) -> str:
        """The name of the printer that the counter of a window prints on: its own, else the counters', else the
        kiosk's."""
        return next(name for name in (f"window-{window}", "counter", "kiosk") if name in self.printers)


class _Section:
    """One table of the file; remembers which keys were read so that typos are found."""

    def __init__(self, file: Path, name: str, values: dict[str, Any]) -> None:
        self._file, self._name, self._values = file, name, dict(values)

    def error(self, key: str, problem: ConfigProblem, expected: str = "") -> ConfigError:
        return ConfigError(str(self._file), f"{self._name}.{key}" if self._name else key, problem, expected)

    def take(self, key: str, kind: type[Any], default: Any = None, *, choices: tuple[Any, ...] = ()) -> Any:
        """The value of ``key``, of that type and one of ``choices``; without a default it must be there."""
        if key not in self._values:
            if default is None:
                raise self.error(key, ConfigProblem.MISSING)
            return default
        found = self._values.pop(key)
        number = kind is float and isinstance(found, int) and not isinstance(found, bool)
        if not number and type(found) is not kind:
            raise self.error(key, ConfigProblem.TYPE, kind.__name__)
        if choices and found not in choices:
            raise self.error(key, ConfigProblem.VALUE, " | ".join(map(str, choices)))
        return kind(found) if number else found

    def table(self, key: str) -> _Section:
        name = f"{self._name}.{key}" if self._name else key
        return _Section(self._file, name, self.take(key, dict, {}))

    def tables(self, key: str) -> list[_Section]:
        found = self.take(key, list, [])
        if not all(isinstance(one, dict) for one in found):
            raise self.error(key, ConfigProblem.TYPE, f"[[{key}]]")
        return [_Section(self._file, f"{key}[{i}]", one) for i, one in enumerate(found, 1)]

    def names(self) -> tuple[str, ...]:
        return tuple(self._values)

    def done(self) -> None:
        for key in self._values:
            raise self.error(key, ConfigProblem.UNKNOWN)


def read_config(file: Path, data_folder: Path) -> Config:
    """Raises ConfigError or CatalogueError."""
    top = _Section(file, "", _parsed(file))
    hall = top.table("hall")
    info = HallInfo(**{f.name: hall.take(f.name, str, None if f.name in ("id", "name") else f.default)
                       for f in fields(HallInfo)})
    if not info.id or len(info.id) > 32 or not info.id.replace("-", "").isalnum():
        raise hall.error("id", ConfigProblem.VALUE, "a-z 0-9 -")
    notice = hall.take("notice", str, "")
    catalogue = _catalogue(hall, top.table("items"), file)
    hall.done()
    windows = _windows(top, catalogue)
    rater, pad = _rater(top.table("rater"))
    config = Config(
        info, _rules(top.table("rules")), windows, catalogue, notice,
        _printers(top.table("printer"), data_folder, windows), _voice(top.table("voice"), file),
        (*_devices(top, {window.number for window in windows}), *pad), _store_url(top.table("store")), rater,
    )
    top.done()
    return config


def _parsed(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(file), str(error), ConfigProblem.SYNTAX) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(file), str(error), ConfigProblem.UNREADABLE, "UTF-8") from error


def _rules(section: _Section) -> Rules:
    given = {f.name: section.take(f.name, type(f.default), f.default) for f in fields(Rules)}
    for name, value in given.items():
        if isinstance(value, (int, float)) and value < 0:
            raise section.error(name, ConfigProblem.VALUE, ">= 0")
    try:
        ZoneInfo(given["timezone"])
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise section.error("timezone", ConfigProblem.VALUE, "Asia/Shanghai") from error
    section.done()
    return Rules(**given)


def _windows(top: _Section, catalogue: Catalogue) -> tuple[Window, ...]:
    known = frozenset(group.code for group in catalogue.groups)
    windows: dict[int, Window] = {}
    for section in top.tables("window"):
        number = section.take("number", int)
        groups = section.take("groups", list, sorted(known))
        if number < 1 or number in windows:
            raise section.error("number", ConfigProblem.VALUE, "1, 2, 3 ...")
        if not groups or not known.issuperset(groups):
            raise section.error("groups", ConfigProblem.VALUE, " | ".join(sorted(known)))
        windows[number] = Window(number, frozenset(groups), section.take("label", str, ""))
        section.done()
    if not windows:
        raise top.error("window", ConfigProblem.MISSING)
    return tuple(windows[number] for number in sorted(windows))


def _catalogue(hall: _Section, items: _Section, file: Path) -> Catalogue:
    name = hall.take("catalogue", str, "nantong19")
    shipped = paths.resources() / "catalogues" / f"{name}.toml"
    path = shipped if shipped.is_file() else file.parent / name
    if not path.is_file():
        raise hall.error("catalogue", ConfigProblem.VALUE, "nantong19 | province13")
    catalogue = load_catalogue(path)
    only = items.take("only", list, [])
    modes_section = items.table("modes")
    modes = {code: modes_section.take(code, str, choices=("direct", "accept_forward", "assist"))
             for code in modes_section.names()}
    items.done()
    for code in [*only, *modes]:
        if catalogue.find_item(code) is None:
            raise items.error("only" if code in only else f"modes.{code}", ConfigProblem.VALUE, str(code))
    if only:
        catalogue = catalogue.with_items(only)
    return catalogue.with_modes(modes) if modes else catalogue


def _printers(section: _Section, data_folder: Path, windows: tuple[Window, ...]) -> dict[str, PrinterSettings]:
    """By name; the kiosk's is drawn to pictures when none is set."""
    known = {*PRINTERS, *(f"window-{window.number}" for window in windows)}
    found = {name: _printer(name, section.table(name), data_folder) for name in section.names() if name in known}
    section.done()
    if "kiosk" not in found:
        found["kiosk"] = PrinterSettings("kiosk", "screen", str(data_folder / "slips"), PrinterProfile())
    return found


def _printer(name: str, section: _Section, data_folder: Path) -> PrinterSettings:
    kind = section.take("kind", str, choices=KINDS)
    address = section.take("address", str, str(data_folder / "slips") if kind == "screen" else None)
    paper = section.take("paper", int, 80, choices=tuple(PAPERS))
    columns = section.take("columns", int, PAPERS[paper], choices=tuple(WIDTHS))
    given: dict[str, Any] = {
        "columns": columns,
        "dots": section.take("dots", int, WIDTHS[columns]),
        "rom": section.take("rom", str, "GBK", choices=("GB18030", "GBK", "GB2312")),
        "native_qr": section.take("native_qr", bool, True),
        "cutter": section.take("cutter", str, "partial" if paper == 80 else "none",
                               choices=("partial", "full", "none")),
        "buzzer": section.take("buzzer", bool, False),
        "can_answer": section.take("can_answer", bool, True),
        "shared": section.take("shared", bool, False),
    }
    if given["shared"] and kind != "network":
        raise section.error("shared", ConfigProblem.VALUE, 'kind = "network"')
    try:
        profile = PrinterProfile(**given)
    except BadSetting as error:
        raise section.error(error.key, ConfigProblem.VALUE, error.expected) from error
    number = address.rpartition("@" if kind == "serial" else ":")[2]
    if kind in ("network", "serial") and (":" in address or "@" in address) and not number.isdigit():
        raise section.error("address", ConfigProblem.VALUE, "192.168.1.50:9100 | COM3@9600")
    section.done()
    return PrinterSettings(name, kind, address, profile)


def _voice(section: _Section, file: Path) -> VoiceSettings:
    folder = section.take("folder", str, "")
    volume = section.take("volume", float, 0.9)
    if not 0 <= volume <= 1:
        raise section.error("volume", ConfigProblem.VALUE, "0 - 1")
    if folder and not (file.parent / folder).is_dir():
        raise section.error("folder", ConfigProblem.VALUE, folder)
    settings = VoiceSettings(section.take("enabled", bool, True), volume, file.parent / folder if folder else None,
                             section.take("engine", str, "clips", choices=("clips", "windows")))
    section.done()
    return settings


def _store_url(section: _Section) -> str:
    """Empty for the file in the data folder."""
    url = section.take("url", str, "")
    section.done()
    if url and urlsplit(url).scheme != "postgresql":
        raise section.error("url", ConfigProblem.VALUE, "postgresql://hall@192.168.1.10:5432/hall")
    if url and find_spec("psycopg") is None:
        raise section.error("url", ConfigProblem.VALUE, "pip install 'hallapp[server]'")
    return str(url)


def _devices(top: _Section, windows: set[int]) -> tuple[DeviceSettings, ...]:
    """Signs and callers stand at windows, readers and scanners belong to a station."""
    found = [_device(section, kind, f"{kind}-{place}", windows) for kind in ("sign", "caller")
             for place, section in enumerate(top.tables(kind), 1)]
    if "reader" in top.names():
        found.append(_device(top.table("reader"), "reader", "reader", windows))
    scanners = top.table("scanner")
    for station in STATIONS:
        if station in scanners.names():
            found.append(_device(scanners.table(station), "scanner", f"scanner-{station}", windows))
    scanners.done()
    return tuple(found)


def _rater(section: _Section) -> tuple[str, tuple[DeviceSettings, ...]]:
    """How visitors rate at this PC's counter, and the pad if it is one."""
    driver = section.take("driver", str, NO_RATER, choices=(NO_RATER, SCREEN_RATER, *names("rater")))
    if driver in (NO_RATER, SCREEN_RATER):
        section.done()
        return driver, ()
    pad = _device(section, "rater", "rater", set(), driver)
    if getattr(pad.settings, "keys", True) == {}:  # without them no press would ever count
        raise section.error("keys", ConfigProblem.MISSING, '"01" = 5')
    return driver, (pad,)


def _device(section: _Section, kind: str, name: str, windows: set[int], driver: str = "") -> DeviceSettings:
    """Its driver says which further keys there are and what they may be."""
    driver = driver or section.take("driver", str)
    link = section.take("link", str)
    window = section.take("window", int, choices=tuple(sorted(windows))) if kind in ("sign", "caller") else None
    staff = section.take("staff", str) if kind == "caller" else ""
    try:
        make_link(link)
        settings = find(kind, driver).Settings
        values = {field.name: _like(section, field.name, getattr(settings(), field.name)) for field in fields(settings)}
        made = settings(**values)
    except BadSetting as error:
        raise section.error(error.key, ConfigProblem.VALUE, error.expected) from error
    except NoDriver as error:
        raise section.error("driver", ConfigProblem.VALUE, " | ".join(error.known)) from error
    except ImportError as error:
        raise section.error("driver", ConfigProblem.VALUE, f"pip install {error.name}") from error
    section.done()
    return DeviceSettings(name, kind, driver, link, window, staff, made)


def _like(section: _Section, key: str, default: Any) -> Any:
    """A setting of the default's type; TOML has lists where Python has tuples."""
    if isinstance(default, tuple):
        return tuple(section.take(key, list, list(default)))
    return section.take(key, type(default), default)
