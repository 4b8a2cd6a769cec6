"""``hallapp devices``: what is plugged in, what hall.toml says, and one device tried out, in words."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

from drivers.errors import DeviceError
from drivers.signs.sign_text import SignText
from drivers.wire import WireLog, written
from hallapp.app.hall import SystemClock, configured
from hallapp.config import SCREEN_RATER, Config
from hallapp.devices.found import Found, printers, serial_ports
from hallapp.devices.printers import make_printer
from hallapp.devices.settings import DeviceSettings, make_driver, make_transport
from hallapp.devices.troubles import trouble_of, unless_mute
from hallapp.documents.fonts import font_file
from hallapp.documents.test_slip import test_slip
from hallapp.domain.codes import CredentialShown, NotKnown, understand
from hallapp.domain.errors import PrintFailed
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble, at_pc
from hallapp.ui.commands import KEYS, TEXTS
from hallapp.ui.words import DEVICES, device_name, trouble_words


def list_devices(folder: Path, screens: tuple[str, ...]) -> int:
    """Print what the system has and what hall.toml names."""
    config = configured(folder)
    _listed(TEXTS["devices_serial"], [_line(one) for one in serial_ports()])
    _listed(TEXTS["devices_printers"], [_line(one) for one in printers()])
    _listed(TEXTS["devices_screens"], list(screens))
    named = [(one.name, "printer", f"{one.kind} {one.address}") for one in config.printers.values()]
    named += [(one.name, one.kind, f"{one.driver} {one.link}") for one in config.devices]
    if config.rater == SCREEN_RATER:
        named.append(("rater", "rater", config.rater))
    if config.voice.enabled:
        named.append((at_pc("voice", config.pc), "voice", config.voice.engine))
    _listed(TEXTS["devices_configured"], [
        f"{name}  {device_name(DeviceStatus(name, kind, DeviceState.READY))}  {at}" for name, kind, at in named])
    return 0


def try_devices(folder: Path, kind: str, seconds: float, screens: tuple[str, ...]) -> int:
    """Talk to every configured device of the kind; 0 if all are well, 1 if one is not, 2 if there is none.

    One that cannot be asked is listened to for ``seconds`` and is well if something came. A rating screen is well
    if there is a second one for it among the ``screens``."""
    config = configured(folder)
    if kind == "rater" and config.rater == SCREEN_RATER:
        lacking = len(screens) < 2
        found = "、".join(map(str.strip, screens))  # not every screen has a name
        print(TEXTS["devices_no_screen" if lacking else "devices_rating_screen"].format(screens=found))
        return int(lacking)
    well: list[bool] = []
    for status, wire in _tried(config, kind, seconds):
        print(f"{status.name}: {device_name(status)}{trouble_words(status)}", flush=True)
        if status.state is DeviceState.DOWN and wire:
            print(wire, end="")
        heard = kind in LISTEN or kind == "voice"  # well only if something came of it
        well.append(status.trouble is Trouble.NONE if heard else status.state is not DeviceState.DOWN)
    if not well:
        why = "devices_voice_off" if kind == "voice" else "devices_none"  # a hall has a voice unless told otherwise
        print(TEXTS[why].format(kind=kind, name=DEVICES[kind], file=folder / "hall.toml"), file=sys.stderr)
        return 2
    return int(not all(well))


def _tried(config: Config, kind: str, seconds: float) -> Iterator[tuple[DeviceStatus, str]]:
    """Each device's status after its trial and what went over its line."""
    if kind == "printer":
        for name in config.printers:
            yield _print(config, name)
    elif kind == "voice":
        if config.voice.enabled:
            yield _speak(config), ""
    else:
        for device in config.devices:
            if device.kind == kind:
                yield _ask(device, seconds)


def _print(config: Config, name: str) -> tuple[DeviceStatus, str]:
    """A test slip."""
    settings, log = config.printers[name], WireLog(SystemClock().now)
    printer = make_printer(settings, font_file(), log)
    at = SystemClock().now().astimezone(config.rules.zone)
    try:
        status = printer.print(test_slip(config.info, settings.profile, at))
    except PrintFailed as failure:
        status = DeviceStatus(name, "printer", DeviceState.DOWN, failure.trouble)
    finally:
        printer.close()
    if status.trouble is Trouble.UNWATCHED:
        status = replace(status, detail=TEXTS["devices_look"])
    return status, written(log.lines())


def _speak(config: Config) -> DeviceStatus:
    """One announcement, to its end."""
    from hallapp.devices.voice import Voice

    heard, spoken = list[DeviceStatus](), Event()

    def told(started: bool) -> None:
        if not started:
            spoken.set()

    voice = Voice(config.rules, config.voice, heard.append)
    voice.speaking(told)
    voice.say("A001", 1)
    voice.start()
    spoken.wait()
    voice.close()
    return heard[-1]


def _ask(device: DeviceSettings, seconds: float) -> tuple[DeviceStatus, str]:
    """Whether it is there; a sign shows a trial text, which the hall replaces by its own."""
    log = WireLog(SystemClock().now)
    transport = make_transport(device, log)
    driver = make_driver(device, transport)
    try:
        transport.open()
        driver.check()
        trouble, detail = unless_mute(driver), ""
        if device.kind == "sign":
            driver.show(SignText("A001", device.window or 1, TEXTS["devices_sign"]))
        elif device.kind in LISTEN:
            trouble, detail = _listened(device, driver, seconds)
        state = DeviceState.READY
    except DeviceError as error:
        state, trouble, detail = DeviceState.DOWN, trouble_of(error), ""
    finally:
        transport.close()
    return DeviceStatus(device.name, device.kind, state, trouble, detail), written(log.lines())


def _listened(device: DeviceSettings, driver: Any, seconds: float) -> tuple[Trouble, str]:
    """What came of a device that speaks by itself only, within ``seconds`` or until somebody ends the waiting."""
    with suppress(KeyboardInterrupt):
        print(TEXTS[f"devices_try_{device.kind}"].format(name=device.name, seconds=seconds), flush=True)
        end = monotonic() + seconds
        while monotonic() < end:
            if heard := LISTEN[device.kind](device, driver):
                return heard
    return Trouble.MUTE, TEXTS["devices_unheard"]


def _scanned(_device: DeviceSettings, scanner: Any) -> tuple[Trouble, str] | None:
    """Only the hall's own codes are shown: any other may be somebody's."""
    text = scanner.read()
    if text is None:
        return None
    code = understand(text)
    if isinstance(code, CredentialShown):
        return Trouble.NONE, TEXTS["devices_credential"]
    if isinstance(code, NotKnown):
        return Trouble.NONE, TEXTS["devices_unknown_code"].format(length=len(text))
    return Trouble.NONE, str(code)


def _pressed(device: DeviceSettings, bus: Any) -> tuple[Trouble, str] | None:
    for press in bus.presses():
        if press.address == device.settings.address:
            return Trouble.NONE, TEXTS["devices_key"].format(key=KEYS[press.key])
        other = TEXTS["devices_other_pad"].format(address=press.address, configured=device.settings.address)
        print(f"{device.name}: {other}", flush=True)
    return None


def _rated(device: DeviceSettings, pad: Any) -> tuple[Trouble, str] | None:
    for rating in pad.presses():
        return Trouble.NONE, TEXTS["devices_rating"].format(rating=rating)
    return (Trouble.UNKNOWN_KEY, "") if pad.unknown else None


LISTEN: Mapping[str, Callable[[DeviceSettings, Any], tuple[Trouble, str] | None]] = {
    "scanner": _scanned, "caller": _pressed, "rater": _rated,
}


def _line(found: Found) -> str:
    return f"{found.address}  {found.about}".rstrip()


def _listed(title: str, lines: list[str]) -> None:
    print(title)
    for line in lines or [TEXTS["devices_nothing"]]:
        print(f"    {line}")
