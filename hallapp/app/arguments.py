"""The words of the command line: its commands, what each takes, and what of it cannot be right."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from drivers.sim.console import SIMULATORS
from hallapp.ui.command_line import Parser
from hallapp.ui.commands import ARGPARSE, TEXTS
from hallapp.ui.simulator_words import NAMES

STANDBY = ("standby", "promote", "alone")
MOST_ADDRESSES = 247  # that every bus knows


def parser() -> argparse.ArgumentParser:
    made = Parser("hallapp", description=TEXTS["about"], epilog=TEXTS["epilog"])
    data = Parser(add_help=False)
    data.add_argument("--data", type=_path, default=argparse.SUPPRESS, metavar="DIR", help=TEXTS["data"])
    made.add_argument("--data", type=_path, metavar="DIR", help=TEXTS["data"])
    commands = made.add_subparsers(dest="command", metavar=ARGPARSE["command"], title=ARGPARSE["commands"])
    made.set_defaults(command="hall")  # only after the sub-commands, whose own default would take its place
    for name in ("kiosk", "board", "supervisor"):
        commands.add_parser(name, parents=[data], help=TEXTS[name], description=TEXTS[name])
    for name in ("counter", "rater"):
        at_window = commands.add_parser(name, parents=[data], help=TEXTS[name], description=TEXTS[name])
        at_window.add_argument("--window", type=int, metavar="N", help=TEXTS["window"])
    report = commands.add_parser("report", parents=[data], help=TEXTS["report"], description=TEXTS["report"])
    report.add_argument("--date", type=_date, metavar="YYYY-MM-DD", help=TEXTS["date"])
    report.add_argument("--out", type=partial(_ending, ".pdf"), metavar="FILE", help=TEXTS["out"])
    demo = commands.add_parser("demo", help=TEXTS["demo"], description=TEXTS["demo"])
    demo.add_argument("--visits", type=_whole(1, 500), default=40, metavar="N", help=TEXTS["visits"])
    demo.add_argument("--seed", type=int, default=1, metavar="S", help=TEXTS["seed"])
    demo.add_argument("--speed", type=_speed, default=None, metavar="X", help=TEXTS["speed"])
    demo.add_argument("--out", type=_path, default=Path("hall-demo"), metavar="DIR", help=TEXTS["demo_out"])
    devices = commands.add_parser("devices", parents=[data], help=TEXTS["devices"], description=TEXTS["devices"])
    devices.add_argument("action", nargs="?", choices=("test",), help=TEXTS["devices_test"])
    devices.add_argument("kind", nargs="?", default="printer", help=TEXTS["devices_kind"],
                         choices=("printer", "sign", "voice", "reader", "scanner", "caller", "rater"))
    devices.add_argument("--seconds", type=float, default=20.0, metavar="N", help=TEXTS["devices_seconds"])
    _sim_parser(commands)
    _upkeep_parser(commands, data)
    _server_parser(commands, data)
    _halls_parser(commands)
    _load_parser(commands)
    _county_parser(commands)
    _export_parser(commands, data)
    return made


def _upkeep_parser(commands: Any, data: argparse.ArgumentParser) -> None:
    backup = commands.add_parser("backup", parents=[data], help=TEXTS["backup"], description=TEXTS["backup"])
    backup.add_argument("--to", type=partial(_ending, ".db"), metavar="FILE", help=TEXTS["backup_to"])
    restore = commands.add_parser("restore", parents=[data], help=TEXTS["restore"], description=TEXTS["restore"])
    restore.add_argument("file", nargs="?", type=_path, metavar="FILE", help=TEXTS["restore_file"])
    password = commands.add_parser("password", parents=[data], help=TEXTS["password"], description=TEXTS["password"])
    password.add_argument("number", metavar="NUMBER", help=TEXTS["password_number"])


def _sim_parser(commands: Any) -> None:
    every = Parser(add_help=False)
    every.add_argument("--port", type=_whole(0, 65535), default=0, metavar="N", help=TEXTS["sim_tcp"])
    every.add_argument("--pty", action="store_true", help=TEXTS["sim_pty"])
    every.add_argument("--window", action="store_true", help=TEXTS["sim_window"])
    names = commands.add_parser("sim", help=TEXTS["sim"], description=TEXTS["sim"]).add_subparsers(
        dest="name", required=True, metavar=TEXTS["sim_name"], title=TEXTS["sim_name"])
    sims = {name: names.add_parser(name, parents=[every], help=NAMES[name],
                                   description=TEXTS["sim_device"].format(name=NAMES[name]))
            for name in SIMULATORS}
    sims["printer"].add_argument("--paper", type=_whole(1, 100000), metavar="N", help=TEXTS["sim_paper"])
    for name in ("onbon", "modbus", "caller"):
        sims[name].add_argument("--address", dest="addresses", type=_addresses, metavar="A,B",
                                help=TEXTS["sim_addresses"])
    sims["keypad"].add_argument("--address", type=_whole(0, 255), metavar="A", help=TEXTS["sim_address"])
    sims["template"].add_argument("--template", metavar="FRAME", help=TEXTS["sim_template"])
    sims["template"].add_argument("--form", choices=("text", "hex"), help=TEXTS["sim_form"])
    sims["template"].add_argument("--ack", metavar="HEX", help=TEXTS["sim_ack"])


def _server_parser(commands: Any, data: argparse.ArgumentParser) -> None:
    move = commands.add_parser("move", help=TEXTS["move"], description=TEXTS["move"])
    move.add_argument("source", metavar="FROM", help=TEXTS["move_from"])
    move.add_argument("target", metavar="TO", help=TEXTS["move_to"])
    move.add_argument("--hall", metavar="ID", help=TEXTS["move_hall"])
    join = commands.add_parser("join", parents=[data], help=TEXTS["join"], description=TEXTS["join"])
    join.add_argument("code", metavar="CODE", help=TEXTS["join_code"])
    join.add_argument("--hall", metavar="ID", help=TEXTS["join_hall"])
    server = commands.add_parser("server", help=TEXTS["server"], description=TEXTS["server"])
    server.add_argument("action", help=TEXTS["server_action"], choices=(
        "init", "start", "status", "backup", "restore", "stop", "serve", "boot", "upgrade", "archive", "unarchive",
        *STANDBY))
    server.add_argument("--folder", type=_path, metavar="DIR", help=TEXTS["server_folder"])
    server.add_argument("--listen", action="append", default=[], metavar="IP", help=TEXTS["server_listen"])
    server.add_argument("--port", type=_whole(0, 65535), metavar="N", help=TEXTS["server_port"])
    server.add_argument("--of", default="", metavar="HOST[:PORT]", help=TEXTS["server_of"])
    server.add_argument("--out", type=_path, metavar="FILE", help=TEXTS["server_out"])
    server.add_argument("--before", type=_month, metavar="YYYY-MM", help=TEXTS["server_before"])


def _halls_parser(commands: Any) -> None:
    halls = commands.add_parser("halls", help=TEXTS["halls"], description=TEXTS["halls"])
    halls.add_argument("action", choices=("list", "add", "close", "county", "upgrade"), help=TEXTS["halls_action"])
    halls.add_argument("hall", nargs="?", default="", metavar="ID", help=TEXTS["halls_hall"])
    halls.add_argument("--url", default="", metavar="URL", help=TEXTS["halls_url"])
    halls.add_argument("--folder", type=_path, metavar="DIR", help=TEXTS["server_folder"])
    halls.add_argument("--name", default="", metavar="NAME", help=TEXTS["halls_name"])
    halls.add_argument("--qr", type=_path, metavar="DIR", help=TEXTS["halls_qr"])


def _load_parser(commands: Any) -> None:
    load = commands.add_parser("load", help=TEXTS["load"], description=TEXTS["load"])
    load.add_argument("--url", required=True, metavar="URL", help=TEXTS["load_url"])
    load.add_argument("--halls", type=int, default=200, metavar="N", help=TEXTS["load_halls"])
    load.add_argument("--stations", type=int, default=5, metavar="N", help=TEXTS["load_stations"])
    load.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N", help=TEXTS["load_processes"])
    load.add_argument("--connections", type=int, default=4, metavar="N", help=TEXTS["load_connections"])
    load.add_argument("--rate", type=float, metavar="X", help=TEXTS["load_rate"])
    load.add_argument("--seconds", type=float, default=30.0, metavar="S", help=TEXTS["load_seconds"])
    load.add_argument("--steps", type=int, metavar="N", help=TEXTS["load_steps"])
    load.add_argument("--beside-real-halls", action="store_true", help=TEXTS["load_beside"])
    load.add_argument("--remove", action="store_true", help=TEXTS["load_remove"])


def _month(text: str) -> date:
    """Its first day."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(TEXTS["bad_month"]) from None


def _county_parser(commands: Any) -> None:
    reading, writing = Parser(add_help=False), Parser(add_help=False)
    for url, told in ((reading, "county_url"), (writing, "halls_url")):
        url.add_argument("--url", default="", metavar="URL", help=TEXTS[told])
        url.add_argument("--folder", type=_path, metavar="DIR", help=TEXTS["server_folder"])
    actions = commands.add_parser("county", help=TEXTS["county"], description=TEXTS["county"]).add_subparsers(
        dest="action", required=True, metavar=ARGPARSE["command"], title=ARGPARSE["commands"])
    county = actions.add_parser("report", parents=[reading], help=TEXTS["county_report"],
                                description=TEXTS["county_report"])
    county.add_argument("--from", dest="first", type=_date, required=True, metavar="YYYY-MM-DD",
                        help=TEXTS["county_from"])
    county.add_argument("--to", dest="last", type=_date, required=True, metavar="YYYY-MM-DD", help=TEXTS["county_to"])
    county.add_argument("--halls", type=_names, default=(), metavar="A,B", help=TEXTS["county_halls"])
    county.add_argument("--out", type=_new_file, required=True, metavar="FILE", help=TEXTS["county_out"])
    trust = actions.add_parser("trust", parents=[writing], help=TEXTS["county_trust"],
                               description=TEXTS["county_trust"])
    trust.add_argument("file", type=_path, metavar="KEYFILE", help=TEXTS["trust_file"])
    trust.add_argument("--replace", action="store_true", help=TEXTS["trust_replace"])
    taking = commands.add_parser("import-bundle", parents=[writing], help=TEXTS["import"], description=TEXTS["import"])
    taking.add_argument("file", type=_path, metavar="FILE", help=TEXTS["import_file"])


def _export_parser(commands: Any, data: argparse.ArgumentParser) -> None:
    export = commands.add_parser("export-bundle", parents=[data], help=TEXTS["export"], description=TEXTS["export"])
    period = export.add_mutually_exclusive_group(required=True)
    period.add_argument("--month", type=_month, metavar="YYYY-MM", help=TEXTS["export_month"])
    period.add_argument("--day", type=_date, metavar="YYYY-MM-DD", help=TEXTS["export_day"])
    export.add_argument("--out", type=_path, required=True, metavar="DIR", help=TEXTS["export_out"])


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _path(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError(TEXTS["bad_path"])
    return Path(text)


def _new_file(text: str) -> Path:
    """A file to be written; it may be there, and is replaced then."""
    path = _path(text)
    if not path.name or _is_folder(path):
        raise argparse.ArgumentTypeError(TEXTS["bad_file"])
    return path


def _ending(suffix: str, text: str) -> Path:
    """A file to be written with that ending: it takes the place of none of the hall's own files of another kind."""
    path = _new_file(text)
    if path.suffix.lower() != suffix:
        raise argparse.ArgumentTypeError(TEXTS["bad_ending"].format(suffix=suffix))
    return path


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except PermissionError:  # told by whoever writes it
        return False


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(TEXTS["bad_date"]) from None


def _speed(text: str) -> str:
    """``max``, or a number from 1 on."""
    if text != "max" and not (text.isdecimal() and int(text) >= 1):
        raise argparse.ArgumentTypeError(TEXTS["bad_speed"])
    return text


def _whole(low: int, high: int) -> Callable[[str], int]:
    """Reads a whole number from ``low`` to ``high``."""
    def read(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(TEXTS["bad_whole"].format(low=low, high=high))
        return int(text)

    return read


def _addresses(text: str) -> tuple[int, ...]:
    """Those on one bus, each once."""
    found = [int(one) for one in text.split(",") if one.strip().isdecimal() and 1 <= int(one) <= MOST_ADDRESSES]
    if len(found) != len(text.split(",")) or len(set(found)) != len(found):
        raise argparse.ArgumentTypeError(TEXTS["bad_addresses"].format(most=MOST_ADDRESSES))
    return tuple(found)
