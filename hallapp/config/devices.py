"""The printers, the voice and the devices of hall.toml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from drivers.errors import BadSetting, NoDriver
from drivers.escpos import PrinterProfile
from drivers.link import make_link, make_printer_link
from drivers.table import find, names
from hallapp.config.section import Section
from hallapp.devices.settings import DeviceSettings, PrinterSettings, VoiceSettings
from hallapp.documents.sign_texts import SignTexts
from hallapp.domain.errors import ConfigProblem
from hallapp.domain.printing import at_pc
from hallapp.domain.rules import Window

KINDS = ("screen", "network", "serial", "file", "windows")
PAPERS = {80: 48, 58: 32}  # columns of font A
WIDTHS = {32: 384, 42: 512, 48: 576}  # and the dots of the head they are printed with at 203 dpi (facts/devices 1)
STATIONS = ("kiosk", "counter")  # with a printer and a scanner of their own; printers are at window-1, window-2 ... too
BUSES = ("sign", "caller")  # several of these may stand on one line
NO_RATER, SCREEN_RATER = "none", "screen"  # raters that are no device


def printers(
    section: Section, data_folder: Path, windows: tuple[Window, ...], pc: str
) -> dict[str, PrinterSettings]:
    """By name; the kiosk's is drawn to pictures when none is set."""
    known = {*STATIONS, *(f"window-{window.number}" for window in windows)}
    found = {name: _printer(name, section.table(name), data_folder) for name in section.names() if name in known}
    section.done()
    if "kiosk" not in found:
        found["kiosk"] = PrinterSettings("kiosk", "screen", str(data_folder / "slips"), PrinterProfile())
    return {(own := at_pc(name, pc)): replace(settings, name=own) for name, settings in found.items()}


def _printer(name: str, section: Section, data_folder: Path) -> PrinterSettings:
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
        if kind != "screen":
            make_printer_link(kind, address)
    except BadSetting as error:
        raise section.error(error.key, ConfigProblem.VALUE, error.expected) from error
    section.done()
    return PrinterSettings(name, kind, address, profile)


def voice(section: Section, file: Path) -> VoiceSettings:
    folder = section.take("folder", str, "")
    volume = section.take("volume", float, 0.9)
    if not 0 <= volume <= 1:
        raise section.error("volume", ConfigProblem.VALUE, "0 - 1", volume)
    if folder and not (file.parent / folder).is_dir():
        raise section.error("folder", ConfigProblem.ABSENT, found=folder)
    settings = VoiceSettings(section.take("enabled", bool, True), volume, file.parent / folder if folder else None,
                             section.take("engine", str, "clips", choices=("clips", "windows")))
    section.done()
    return settings


def devices(top: Section, windows: set[int], pc: str) -> tuple[DeviceSettings, ...]:
    """Signs and callers stand at windows and are named for them, readers and scanners belong to this PC's stations."""
    found: list[DeviceSettings] = []
    for kind in BUSES:
        for section in top.tables(kind):
            made = _device(section, kind, kind, windows)
            before = sum((one.kind, one.window) == (kind, made.window) for one in found)
            name = f"{kind}-{made.window}" + (f"-{before + 1}" if before else "")
            found.append(replace(made, name=name))
    if "reader" in top.names():
        found.append(_device(top.table("reader"), "reader", at_pc("reader", pc), windows))
    scanners = top.table("scanner")
    for station in STATIONS:
        if station in scanners.names():
            name = at_pc(f"scanner-{station}", pc)
            found.append(_device(scanners.table(station), "scanner", name, windows))
    scanners.done()
    return tuple(found)


def tell_apart(top: Section, found: Sequence[DeviceSettings]) -> None:
    """Two devices on one line must differ in address, and only one kind can speak on it, at one speed."""
    seen: dict[str, list[DeviceSettings]] = {}
    for device in found:
        others = seen.setdefault(device.link.partition("@")[0], [])
        alike = [other for other in others if (other.driver, other.settings) == (device.driver, device.settings)]
        unlike = [other for other in others if (other.kind, other.link) != (device.kind, device.link)]
        if alike or unlike or (others and device.kind not in BUSES):
            raise top.error(f"{device.name}: link", ConfigProblem.TWICE, found=f"{device.link} ({others[-1].name})")
        others.append(device)


def rater(section: Section) -> tuple[str, tuple[DeviceSettings, ...]]:
    """How visitors rate at this PC's counter, and the pad if it is one."""
    driver = section.take("driver", str, NO_RATER, choices=(NO_RATER, SCREEN_RATER, *names("rater")))
    if driver in (NO_RATER, SCREEN_RATER):
        section.done()
        return driver, ()
    pad = _device(section, "rater", "rater", set(), driver)
    if getattr(pad.settings, "keys", True) == {}:  # without them no press would ever count
        raise section.error("keys", ConfigProblem.MISSING, '"01" = 5')
    return driver, (pad,)


def _device(section: Section, kind: str, name: str, windows: set[int], driver: str = "") -> DeviceSettings:
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


def _like(section: Section, key: str, default: Any) -> Any:
    """A setting of the default's type; TOML has lists where Python has tuples."""
    if isinstance(default, tuple):
        return tuple(section.take(key, list, list(default)))
    return section.take(key, type(default), default)


def sign_texts(section: Section) -> SignTexts:
    """What the signs over the windows say in each state."""
    given = {field.name: section.take(field.name, str, field.default) for field in fields(SignTexts)}
    section.done()
    try:
        return SignTexts(**given)
    except BadSetting as error:
        raise section.error(error.key, ConfigProblem.VALUE, error.expected) from error
