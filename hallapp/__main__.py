"""The command line only."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from io import TextIOWrapper
from pathlib import Path

from hallapp.app.arguments import STANDBY, parser
from hallapp.ui.commands import TEXTS


def main(arguments: list[str] | None = None) -> int:
    """Run ``hallapp``; the exit status is 0 when all went well, and that of shells if somebody stopped it."""
    if isinstance(sys.stdout, TextIOWrapper):  # a sign that a pipe's code page lacks ends no command
        sys.stdout.reconfigure(errors="replace")
    try:
        return _run(parser().parse_args(arguments))
    except KeyboardInterrupt:
        print(TEXTS["stopped"], file=sys.stderr)
        return 130


def _run(chosen: argparse.Namespace) -> int:
    if chosen.command == "demo":
        from hallapp.demo.run import run_demo

        return _with_qt(lambda: run_demo(chosen.out, chosen.visits, chosen.seed, chosen.speed), offscreen=True)
    if chosen.command == "sim":
        from hallapp.demo.simulate import run_simulator

        own = ("paper", "addresses", "address", "template", "form", "ack")  # each of one or some devices only
        more = {key: value for key in own if (value := getattr(chosen, key, None)) is not None}
        serve = partial(run_simulator, chosen.name, chosen.port, pty=chosen.pty, window=chosen.window, more=more)
        return _with_qt(serve) if chosen.window else serve()
    from hallapp.app.commands import guarded, write_report
    from hallapp.paths import default_data_folder

    if chosen.command in ("server", "halls"):
        return guarded(partial(_server, chosen, _server_folder(chosen)))
    folder = chosen.data or default_data_folder()
    if chosen.command in ("backup", "restore", "password"):
        return guarded(partial(_upkeep, chosen, folder))
    if chosen.command == "move":
        from hallapp.app.move import run_move

        return guarded(partial(run_move, chosen.source, chosen.target, chosen.hall))
    if chosen.command == "join":
        from hallapp.app.join import run_join

        return guarded(partial(run_join, folder, chosen.code, chosen.hall))
    if chosen.command in _OVER_HALLS:
        return guarded(partial(_OVER_HALLS[chosen.command], chosen))
    if chosen.command == "devices":
        return guarded(partial(_devices, folder, chosen.kind if chosen.action else None, chosen.seconds))
    if chosen.command == "report":
        return guarded(partial(write_report, folder, chosen.date, chosen.out))
    from hallapp.app.station import run

    return _with_qt(partial(guarded, partial(run, folder, chosen.command, getattr(chosen, "window", None))))


def _upkeep(chosen: argparse.Namespace, folder: Path) -> int:
    if chosen.command == "password":
        from hallapp.app.staff import run_password

        return run_password(folder, chosen.number)
    from hallapp.app.backup import run_backup, run_restore

    return run_backup(folder, chosen.to) if chosen.command == "backup" else run_restore(folder, chosen.file)


def _server(chosen: argparse.Namespace, folder: Path) -> int:
    if chosen.command == "halls":
        from hallapp.app.halls import run_halls

        return run_halls(chosen.action, chosen.url, folder, chosen.hall, chosen.name, chosen.qr)
    if chosen.action in STANDBY:
        from hallapp.app.standby import run_standby

        return run_standby(chosen.action, folder, chosen.of, chosen.listen, chosen.port)
    from hallapp.app.server import run_server

    return run_server(chosen.action, folder, chosen.listen, chosen.port, chosen.out, chosen.before)


def _load(chosen: argparse.Namespace) -> int:
    from hallapp.app.address import address
    from hallapp.load.run import Load, run_load

    return run_load(Load(
        address(chosen.url, Path()), chosen.halls, chosen.stations, chosen.processes, chosen.connections,
        chosen.seconds, chosen.steps, chosen.rate, chosen.beside_real_halls), chosen.remove)


def _county(chosen: argparse.Namespace) -> int:
    if chosen.action == "trust":
        from hallapp.app.bundle import trust_hall

        return trust_hall(_address(chosen), chosen.file, chosen.replace)
    from hallapp.app.county import write_county_report

    return write_county_report(_address(chosen), chosen.first, chosen.last, chosen.halls, chosen.out)


def _export(chosen: argparse.Namespace) -> int:
    from hallapp.app.bundle import export_bundle
    from hallapp.domain.county import Period
    from hallapp.paths import default_data_folder

    period = Period(chosen.day, chosen.day) if chosen.day else Period.month(chosen.month)
    return export_bundle(chosen.data or default_data_folder(), period, chosen.out)


def _import(chosen: argparse.Namespace) -> int:
    from hallapp.app.bundle import import_bundle

    return import_bundle(_address(chosen), chosen.file)


def _address(chosen: argparse.Namespace) -> str:
    from hallapp.app.address import address

    return address(chosen.url, _server_folder(chosen))


def _server_folder(chosen: argparse.Namespace) -> Path:
    from hallapp.paths import default_data_folder

    folder: Path = chosen.folder or (chosen.data or default_data_folder()) / "server"
    return folder


_OVER_HALLS = {"load": _load, "county": _county, "export-bundle": _export, "import-bundle": _import}


def _devices(folder: Path, kind: str | None, seconds: float) -> int:
    from hallapp.app.trial import list_devices, try_devices
    from hallapp.ui.platform import why_not

    screens: tuple[str, ...] = ()
    if kind in (None, "rater") and why_not(os.environ) is None:
        from hallapp.ui.screens import screen_lines

        screens = screen_lines()
    return list_devices(folder, screens) if kind is None else try_devices(folder, kind, seconds, screens)


def _with_qt(start: Callable[[], int], offscreen: bool = False) -> int:
    """Start something that shows windows, or say in one sentence why they cannot be shown."""
    from hallapp.ui.platform import has_screen, input_method, why_not

    if offscreen and not has_screen(os.environ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    module = input_method(os.environ)
    if module is not None:
        os.environ["QT_IM_MODULE"] = module
    reason = why_not(os.environ)
    if reason is not None:
        print(reason, file=sys.stderr)
        return 1
    return start()


if __name__ == "__main__":
    sys.exit(main())
