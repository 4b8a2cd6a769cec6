"""Every driver by kind and name. One is imported only when it is used, so a missing library breaks nobody else's.

Beside what its kind's module describes, a driver has ``can_answer``: whether the device itself answers what it is asked
or told. Where that is false, or not said, no error means that the line is open, and no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from drivers.errors import NoDriver

GROUP = "hallapp.drivers"  # entry points of other packages; the name is kind.driver, as in sign.acme

TABLE: Mapping[str, Mapping[str, str]] = {
    "sign": {
        "onbon": "drivers.signs.onbon:OnbonSign",
        "modbus": "drivers.signs.modbus:ModbusSign",
        "cd5220": "drivers.signs.cd5220:Cd5220Sign",
        "template": "drivers.signs.template:TemplateSign",
    },
    "reader": {"sdt": "drivers.readers.sdt:SdtReader"},
    "scanner": {"serial": "drivers.scanners.serial:SerialScanner"},
    "caller": {"bus": "drivers.callers.bus:BusCaller"},
    "rater": {"keypad": "drivers.raters.keypad:KeypadRater"},
}


def names(kind: str) -> tuple[str, ...]:
    """The drivers of a kind, other packages' last."""
    from importlib.metadata import entry_points  # slow to import, and most halls have none

    added = {point.name.removeprefix(f"{kind}.") for point in entry_points(group=GROUP)
             if point.name.startswith(f"{kind}.")}
    own = TABLE.get(kind, {})
    return (*own, *sorted(added - own.keys()))


def find(kind: str, name: str) -> Any:
    """The driver's class. Raises NoDriver, and ImportError for one whose library is missing."""
    own = TABLE.get(kind, {}).get(name)
    if own is not None:
        module, _, attribute = own.partition(":")
        return getattr(import_module(module), attribute)
    from importlib.metadata import entry_points

    for point in entry_points(group=GROUP, name=f"{kind}.{name}"):
        return point.load()
    raise NoDriver(kind, name, names(kind))
