"""Every driver by kind and name. One is imported only when it is used, so a missing library breaks nobody else's.

Another package adds one by an entry point: in its pyproject.toml

    [project.entry-points."hallapp.drivers"]
    "sign.acme" = "hall_acme:AcmeSign"

and then ``driver = "acme"`` stands in hall.toml. A driver is a class, made as ``AcmeSign(transport, settings)``, with

- ``Settings``, a frozen dataclass whose fields are the keys that hall.toml may give beside driver, link, window and
  staff, each with a default of its type (str, int, float, bool, dict, tuple of str); it raises ``BadSetting(key,
  expected)`` for a value that cannot be;
- ``baudrate``, the usual speed of its serial line;
- ``can_answer``: whether the device itself answers what it is asked or told. Where that is false, or not said, no error
  means that the line is open, and no more;
- the methods that its kind's package describes: drivers.signs, readers, scanners, callers, raters. Each calls
  ``transport.open()``, which does nothing on an open line, and raises kinds of drivers.errors.DeviceError only, within
  the transport's time-outs; it may close the transport then, and the next call tries anew. ``transport.read(size)``
  gives nothing when nothing came within its time-out.
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
