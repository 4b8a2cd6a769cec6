"""This PC's hall.toml as frozen values."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field, fields
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hallapp import paths
from hallapp.config.appointments import appointment_times
from hallapp.config.devices import NO_RATER, SCREEN_RATER, devices, printers, rater, sign_texts, tell_apart, voice
from hallapp.config.section import Section, parsed
from hallapp.devices.settings import DeviceSettings, PrinterSettings, VoiceSettings
from hallapp.documents.fonts import lacking
from hallapp.documents.sign_texts import SignTexts
from hallapp.domain.appointment import AppointmentTimes
from hallapp.domain.catalogue import Catalogue
from hallapp.domain.catalogue_file import load_catalogue
from hallapp.domain.errors import ConfigProblem
from hallapp.domain.printing import at_pc
from hallapp.domain.rules import HALL_ID, LONGEST_NAME, HallInfo, Rules, Window

# 0 would leave a visitor no time, no voice, or divide by nothing
AT_LEAST_ONE = ("target_seconds", "kiosk_idle_seconds", "rating_seconds", "voice_repeat", "default_visit_minutes")
LONGEST_PC = 20  # characters of its name: with a printer's before it no more than the store's column takes
MOST = 100_000  # of anything; a moment so far away can be, one beyond all calendars would stop the hall


@dataclass(frozen=True, slots=True)
class Config:
    """All of hall.toml, checked. ``pc``: what this PC is called among those that share a server."""

    file: Path
    info: HallInfo
    rules: Rules
    windows: tuple[Window, ...]
    catalogue: Catalogue
    notice: str
    printers: dict[str, PrinterSettings]
    voice: VoiceSettings
    answers: Path  # where visitors' ratings lie that the store did not take yet
    devices: tuple[DeviceSettings, ...] = ()
    store_url: str = ""
    pc: str = ""
    rater: str = NO_RATER
    sign_texts: SignTexts = field(default_factory=SignTexts)
    appointment_times: AppointmentTimes | None = None
    backup_folder: Path | None = None  # named in hall.toml; else one beside the store
    screens: dict[str, str] = field(default_factory=dict)  # of the visitors' windows; empty: the next that is free

    @property
    def kiosk_printer(self) -> str:
        """The name of the printer that the kiosk of this PC prints on."""
        return at_pc("kiosk", self.pc)

    @property
    def offered_printers(self) -> tuple[str, ...]:
        """Those to choose from at this PC: where there are several nobody looks for pictures on this one."""
        return tuple(name for name, one in self.printers.items() if not self.pc or one.kind != "screen")

    def counter_printer(self, window: int) -> str:
        """The name of the printer that the counter of a window prints on: its own, else the counters', else the
        kiosk's."""
        own = (at_pc(name, self.pc) for name in (f"window-{window}", "counter"))
        return next((name for name in own if name in self.printers), self.kiosk_printer)


def read_config(file: Path, data_folder: Path) -> Config:
    """Raises ConfigError or CatalogueError."""
    top = Section(file, "", parsed(file))
    hall = top.table("hall")
    info = HallInfo(**{f.name: hall.take(f.name, str, None if f.name in ("id", "name") else f.default)
                       for f in fields(HallInfo)})
    if not HALL_ID.fullmatch(info.id):
        raise hall.error("id", ConfigProblem.VALUE, "a-z 0-9 - _", info.id)
    if len(info.name) > LONGEST_NAME:
        raise hall.error("name", ConfigProblem.VALUE, f"<= {LONGEST_NAME}", info.name)
    for each in fields(HallInfo):
        if chars := lacking(getattr(info, each.name)):
            raise hall.error(each.name, ConfigProblem.GLYPHS, found=chars)
    notice = hall.take("notice", str, "")
    catalogue = _catalogue(hall, top.table("items"), file)
    hall.done()
    windows = _windows(top, catalogue)
    url, pc = _store(top.table("store"))
    rating, pad = rater(top.table("rater"))
    attached = (*devices(top, {window.number for window in windows}, pc), *pad)
    tell_apart(top, attached)
    config = Config(
        file, info, _rules(top.table("rules")), windows, catalogue, notice,
        printers(top.table("printer"), data_folder, windows, pc), voice(top.table("voice"), file),
        data_folder / "answers", attached, url, pc, rating,
        sign_texts(top.table("sign_text")), appointment_times(top), _backup_folder(top.table("backup"), data_folder),
        _screens(top.table("screens")),
    )
    top.done()
    return config


def _rules(section: Section) -> Rules:
    given = {f.name: section.take(f.name, type(f.default), f.default) for f in fields(Rules)}
    for name, value in given.items():
        least = 1 if name in AT_LEAST_ONE else 0
        if isinstance(value, (int, float)) and not least <= value <= MOST:
            raise section.error(name, ConfigProblem.VALUE, f"{least} - {MOST}", value)
    if given["near_share"] > 1:
        raise section.error("near_share", ConfigProblem.VALUE, "0 - 1", given["near_share"])
    try:
        ZoneInfo(given["timezone"])
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise section.error("timezone", ConfigProblem.VALUE, "Asia/Shanghai", given["timezone"]) from error
    section.done()
    return Rules(**given)


def _windows(top: Section, catalogue: Catalogue) -> tuple[Window, ...]:
    known = sorted(group.code for group in catalogue.groups)
    windows: dict[int, Window] = {}
    for section in top.tables("window"):
        number = section.take("number", int)
        groups = section.take("groups", list, known)
        if number < 1:
            raise section.error("number", ConfigProblem.VALUE, "1, 2, 3 ...", number)
        if number in windows:
            raise section.error("number", ConfigProblem.TWICE, found=number)
        if not groups or any(group not in known for group in groups):
            raise section.error("groups", ConfigProblem.VALUE, " | ".join(known), groups)
        windows[number] = Window(number, frozenset(groups), section.take("label", str, ""))
        section.done()
    if not windows:
        raise top.error("window", ConfigProblem.MISSING)
    return tuple(windows[number] for number in sorted(windows))


def _catalogue(hall: Section, items: Section, file: Path) -> Catalogue:
    name = hall.take("catalogue", str, "nantong19")
    shipped = paths.resources() / "catalogues" / f"{name}.toml"
    path = shipped if shipped.is_file() else file.parent / name
    if not path.is_file():
        raise hall.error("catalogue", ConfigProblem.VALUE, "nantong19 | province13", name)
    catalogue = load_catalogue(path)
    only = items.take("only", list, [])
    modes_section = items.table("modes")
    modes = {code: modes_section.take(code, str, choices=("direct", "accept_forward", "assist"))
             for code in modes_section.names()}
    items.done()
    for code in [*only, *modes]:
        if catalogue.find_item(code) is None:
            known = f"{catalogue.items[0].code} ... {catalogue.items[-1].code}"
            raise items.error("only" if code in only else "modes", ConfigProblem.ABSENT, known, code)
    if only:
        catalogue = catalogue.with_items(only)
    return catalogue.with_modes(modes) if modes else catalogue


def _store(section: Section) -> tuple[str, str]:
    """The server's address, empty for the file in the data folder; and what this PC is called among the others."""
    url = section.take("url", str, "")
    pc = section.take("pc", str, platform.node().split(".")[0][-LONGEST_PC:] if url else "")
    section.done()
    if len(pc) > LONGEST_PC or "@" in pc:
        raise section.error("pc", ConfigProblem.VALUE, f"<= {LONGEST_PC}", pc)
    if url and not url.startswith("postgresql://"):
        raise section.error("url", ConfigProblem.VALUE, "postgresql://hall@192.168.1.10:5432/hall", url)
    if url and find_spec("psycopg") is None:
        raise section.error("url", ConfigProblem.VALUE, "pip install 'hallapp[server]'")
    return url, pc


def _screens(section: Section) -> dict[str, str]:
    """By window its screen's name or number."""
    screens = {window: section.take(window, str, "") for window in ("kiosk", "board", "rater")}
    section.done()
    return screens


def _backup_folder(section: Section, data_folder: Path) -> Path | None:
    """A relative one lies in the data folder."""
    folder = section.take("folder", str, "")
    section.done()
    return data_folder / folder if folder else None


__all__ = ["NO_RATER", "SCREEN_RATER", "Config", "read_config"]
