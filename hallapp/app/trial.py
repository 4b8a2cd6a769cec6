"""``hallapp devices``: what is plugged in, what hall.toml says, and one device tried out, in words."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from drivers.errors import DeviceError
from drivers.signs.sign_text import SignText
from drivers.wire import WireLog, written
from hallapp import paths
from hallapp.app.hall import SystemClock, configured
from hallapp.config import Config
from hallapp.devices.found import Found, printers, serial_ports
from hallapp.devices.printers import make_printer, trouble_of
from hallapp.devices.settings import DeviceSettings, make_driver, make_transport
from hallapp.documents.test_slip import test_slip
from hallapp.domain.errors import PrintFailed
from hallapp.domain.printing import DeviceState, DeviceStatus
from hallapp.ui.commands import TEXTS
from hallapp.ui.words import trouble_sentence

FONT = "NotoSansSC-Regular.ttf"


def list_devices(folder: Path, screens: tuple[str, ...]) -> int:
    """Print what the system has and what hall.toml names."""
    config = configured(folder)
    _listed(TEXTS["devices_serial"], [_line(one) for one in serial_ports()])
    _listed(TEXTS["devices_printers"], [_line(one) for one in printers()])
    _listed(TEXTS["devices_screens"], list(screens))
    named = [f"{one.name}  {one.kind} {one.address}" for one in config.printers.values()]
    _listed(TEXTS["devices_configured"], named + [f"{one.name}  {one.driver} {one.link}" for one in config.devices])
    return 0


def try_devices(folder: Path, kind: str) -> int:
    """Talk to every configured device of the kind; 0 if all are well, 1 if one is not, 2 if there is none."""
    config = configured(folder)
    tried = list(_tried(config, kind))
    if not tried:
        print(TEXTS["devices_none"].format(kind=kind), file=sys.stderr)
        return 2
    for status, wire in tried:
        print(f"{status.name}: {trouble_sentence(status)}")
        if status.state is DeviceState.DOWN and wire:
            print(wire, end="")
    return int(any(status.state is DeviceState.DOWN for status, _ in tried))


def _tried(config: Config, kind: str) -> Iterator[tuple[DeviceStatus, str]]:
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
                yield _ask(device)


def _print(config: Config, name: str) -> tuple[DeviceStatus, str]:
    """A test slip."""
    settings, log = config.printers[name], WireLog(SystemClock().now)
    printer = make_printer(settings, paths.resources() / "fonts" / FONT, log)
    at = SystemClock().now().astimezone(config.rules.zone)
    try:
        status = printer.print(test_slip(config.info, settings.profile, at))
    except PrintFailed as failure:
        status = DeviceStatus(name, "printer", DeviceState.DOWN, failure.trouble)
    finally:
        printer.close()
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


def _ask(device: DeviceSettings) -> tuple[DeviceStatus, str]:
    """Whether it is there; a sign shows a trial text, which the hall replaces by its own."""
    log = WireLog(SystemClock().now)
    transport = make_transport(device, log)
    driver = make_driver(device, transport)
    status = DeviceStatus(device.name, device.kind, DeviceState.READY)
    try:
        transport.open()
        driver.check()
        if device.kind == "sign":
            driver.show(SignText("A001", device.window or 1, TEXTS["devices_sign"]))
    except DeviceError as error:
        status = DeviceStatus(device.name, device.kind, DeviceState.DOWN, trouble_of(error))
    finally:
        transport.close()
    return status, written(log.lines())


def _line(found: Found) -> str:
    return f"{found.address}  {found.about}".rstrip()


def _listed(title: str, lines: list[str]) -> None:
    print(title)
    for line in lines or [TEXTS["devices_nothing"]]:
        print(f"    {line}")
