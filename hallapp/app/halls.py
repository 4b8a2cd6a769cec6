"""``hallapp halls``: the halls of a server and the codes with which their stations join."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from hallapp.app.address import address
from hallapp.domain.county import CountyRefused
from hallapp.domain.errors import BadInput, file_error
from hallapp.domain.upkeep import HallUnknown
from hallapp.server.cluster import Cluster
from hallapp.server.join_code import JoinCode, code_of
from hallapp.services.files import save_file
from hallapp.ui.commands import TEXTS

if TYPE_CHECKING:
    from hallapp.store.halls import Listed, NewRole

QUIET = 2  # modules of white around a QR code on a terminal: less than the norm's 4, for it is wide enough as it is


def run_halls(action: str, url: str, folder: Path, hall_id: str, name: str, qr: Path | None) -> int:
    """``action`` as in the command line; without a ``url`` the server in ``folder`` is meant. ``qr``: a folder for the
    join codes as PNG. Raises BadInput, ServerFailed or StoreError kinds."""
    from hallapp.store import halls, opening  # psycopg is there only where the server extra is installed

    cluster = None if url else Cluster(folder)
    owner = address(url, folder)
    if action in ("add", "close") and not hall_id:
        raise BadInput("no_hall")
    if action == "list":
        _list(halls.halls(owner))
    elif action == "upgrade":
        opening.upgrade_postgres(owner)
        print(TEXTS["server_upgraded"])
    elif action == "close":
        try:
            halls.close_hall(owner, hall_id, date.today())
        except HallUnknown as error:
            raise CountyRefused("unknown", hall_id) from error
        print(TEXTS["halls_closed"].format(hall=hall_id))
    else:
        if qr is not None:  # before there are passwords, which are told once
            try:
                qr.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise file_error(str(qr), error) from error
        code = cluster.join_code(cluster.front().hosts[0]) if cluster else code_of(url)
        if action == "county":
            _tell_county(halls.add_county(owner), code)
        else:
            for role in halls.add_hall(owner, hall_id, name):
                _tell(role, replace(code, role=role.role, hall=hall_id), qr)
    return 0


def _list(found: tuple[Listed, ...]) -> None:
    for one in found:
        closed = TEXTS["halls_closed_on"].format(day=one.closed_on) if one.closed_on else ""
        print(TEXTS["halls_line"].format(hall=one.hall_id, name=one.name, seq=one.seq, closed=closed,
                                         roles="、".join(one.roles) or TEXTS["halls_no_roles"]))
    print(TEXTS["halls_count"].format(count=len(found)))


def _tell(role: NewRole, code: JoinCode, qr: Path | None) -> None:
    print(TEXTS[f"halls_role_{role.kind}"].format(hall=code.hall, role=role.role))
    print(TEXTS["halls_password"].format(password=role.password))
    if role.renewed:
        print(TEXTS["halls_renewed"])
    show_code(code, qr and qr / f"{role.role}.png", sys.stdout)


def _tell_county(role: NewRole, code: JoinCode) -> None:
    """A county's PC is no station and joins nothing: it is told the address that its commands want."""
    tls = "?sslmode=verify-ca&sslrootcert=server.crt" if code.fingerprint else ""
    url = f"{replace(code, role=role.role, fingerprint='').text()}{tls}"
    print(TEXTS["halls_role_county"].format(role=role.role, url=url))
    if tls:
        print(TEXTS["halls_county_certificate"])
    print(TEXTS["halls_password"].format(password=role.password))


def show_code(code: JoinCode, file: Path | None, out: TextIO) -> None:
    """The code in words; as a QR code too, on a terminal or in a PNG ``file``. Raises StoreReadOnly or StoreFull."""
    import segno

    print(f'hallapp join "{code.text()}"', file=out)
    made = segno.make(code.text(), error="l", micro=False)
    if file is not None:
        drawn = io.BytesIO()
        made.save(drawn, kind="png", scale=8)
        save_file(drawn.getvalue(), file)
        print(TEXTS["join_qr"].format(path=file), file=out)
    elif out.isatty():
        halves = (out.encoding or "").lower().replace("-", "").startswith("utf")  # other code pages lack half blocks
        made.terminal(out=out, border=QUIET, compact=halves)
