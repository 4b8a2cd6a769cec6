"""``hallapp join``: this PC becomes a station of the hall's server."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlencode

from hallapp.app.address import ask_password
from hallapp.app.hall import CONFIG, hall_at_work, prepare_folder
from hallapp.config import read_config
from hallapp.config.edit import as_written
from hallapp.domain.errors import BadInput, ServerFailed, StoreAway, StoreError, StoreTooOld, file_error
from hallapp.domain.upkeep import HallClosed, HallUnknown, NameTaken
from hallapp.server.join_code import JoinCode, parse, reached
from hallapp.services.files import save_file
from hallapp.store.server_check import ServerCheck, check_server
from hallapp.ui.commands import TEXTS
from hallapp.ui.startup import startup_sentence

CLOCK_SECONDS = 30.0  # more than that, and the times of two PCs tell different stories
_STORE = r"(?m)^\[store\].*$"
_STORE_URL = _STORE + r"""(?:\n(?![ \t]*\[).*)*?\n[ \t]*url[ \t]*=[ \t]*(?P<url>"[^"\n]*"|'[^'\n]*')"""


def run_join(folder: Path, text: str, hall_id: str | None, password: str | None = None) -> int:
    """Check the server, then write this PC's hall.toml. Raises BadInput, ServerFailed or StoreError kinds."""
    code = parse(text)
    if find_spec("psycopg") is None:
        raise ServerFailed("missing", "pip install 'hallapp[server]'")
    new = not (folder / CONFIG).exists()
    file = prepare_folder(folder)
    own = read_config(file, folder).info.id
    certificate = reached(code)
    secret = ask_password() if password is None else password
    with TemporaryDirectory() as tried:  # a PC that works already goes on with what it has until this one is found good
        found = _checked(_keep(Path(tried), certificate, code, secret), code)
    chosen = _fit(found, hall_id or code.hall or None, own, code)
    _write(file, _keep(folder, certificate, code, secret), chosen, found.names.get(chosen, "") if new else "")
    config = read_config(file, folder)
    print(TEXTS["join_done"].format(host=code.host, version=found.version, hall=chosen, pc=config.pc, file=file))
    try:
        hall_at_work(config, folder).store.close()
    except NameTaken as error:
        print(startup_sentence(error))
    except StoreError:
        pass  # it was reached just now; what is wrong since then the first start tells
    return 0


def _checked(url: str, code: JoinCode) -> ServerCheck:
    """Raises ServerFailed ``login``, StoreOutdated or StoreTooNew."""
    try:
        return check_server(url, datetime.now(UTC))
    except StoreAway as error:  # it was reached just now
        said = error.why.partition("\n")[0].rpartition("FATAL:")[2].strip()
        raise ServerFailed("login", f"{code.role}：{said}") from error


def _keep(folder: Path, certificate: bytes, code: JoinCode, password: str) -> str:
    """The certificate, if there is one, and the password in files in ``folder``; the address that uses them."""
    more = {}
    if certificate:
        root = save_file(certificate, folder / "server.crt")
        more = {"sslmode": "verify-ca", "sslrootcert": str(root)}  # of the one certificate it was compared with
    kept = folder / "pgpass"
    parts = (code.host, str(code.port), code.database, code.role, password)
    line = ":".join(re.sub(r"([\\:])", r"\\\1", part) for part in parts)
    try:
        kept.touch(mode=0o600)
        kept.chmod(0o600)
        kept.write_text(line + "\n", encoding="utf-8")
    except OSError as error:
        raise file_error(str(kept), error) from error
    more["passfile"] = str(kept)
    plain = JoinCode(code.role, code.host, code.port, code.database).text()
    return f"{plain}?{urlencode(more, quote_via=quote)}"  # libpq takes a plus for itself, no blank


def _fit(found: ServerCheck, asked: str | None, own: str, code: JoinCode) -> str:
    """The hall this PC belongs to. Raises ServerFailed, StoreTooOld, HallUnknown or HallClosed where it cannot be."""
    if not found.new_enough:
        raise StoreTooOld(code.host, found.version)
    if abs(found.clock_seconds) > CLOCK_SECONDS:
        raise ServerFailed("clock", str(round(abs(found.clock_seconds))))
    if found.lacking:
        raise ServerFailed("rights", f"{code.role}：{'、'.join(found.lacking)}")
    chosen = _chosen(found, asked, own)
    if chosen not in found.halls and not found.owner:
        raise HallUnknown(code.host, chosen)
    if found.halls.get(chosen) is not None:
        raise HallClosed(code.host, f"{found.halls[chosen]}")
    return chosen


def _chosen(found: ServerCheck, asked: str | None, own: str) -> str:
    if asked is not None:
        return asked
    open_now = [hall_id for hall_id, closed_on in found.halls.items() if closed_on is None]
    if len(open_now) == 1:
        return open_now[0]
    if open_now and own not in open_now:
        raise ServerFailed("which", "、".join(open_now))
    return own


def _write(file: Path, url: str, hall_id: str, name: str) -> None:
    """Change the two lines in hall.toml, and the hall's ``name`` if one is given, and leave the rest, comments and all,
    as it is."""
    text = file.read_text(encoding="utf-8-sig")
    text, changed = re.subn(r'(?m)^(\s*id\s*=\s*)"[^"\n]*"', rf'\g<1>"{hall_id}"', text, count=1)
    if not changed:
        raise BadInput("hall.id")
    if name:
        quoted = json.dumps(name, ensure_ascii=False)
        text = re.sub(r'(?m)^(\s*name\s*=\s*)"[^"\n]*"', lambda found: found[1] + quoted, text, count=1)
    save_file(as_written(_with_url(text, f'"{url.replace(os.sep, "/")}"'), file), file)


def _with_url(text: str, quoted: str) -> str:
    if known := re.search(_STORE_URL, text):
        return text[:known.start("url")] + quoted + text[known.end("url"):]
    if section := re.search(_STORE, text):
        return f"{text[:section.end()]}\nurl = {quoted}{text[section.end():]}"
    return f"{text.rstrip()}\n\n[store]\nurl = {quoted}\n"
