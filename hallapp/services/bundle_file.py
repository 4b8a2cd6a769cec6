"""The file of a bundle and the key that signs it.

One line of text that names the hall, the Ed25519 signature over that line and all that follows (64 bytes), then gzip of
JSON lines: the manifest and the events. Nothing behind the signature is looked at before it was found good.
"""

from __future__ import annotations

import gzip
import hashlib
import hmac
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hallapp.domain.bundle import Manifest
from hallapp.domain.county import CountyRefused
from hallapp.domain.errors import file_error

KEY_FILE = "bundle.key"
_MAGIC, _KEY_MAGIC = b"hallapp-bundle 1 ", "hallapp-hall-key 1"
_HEADER = re.compile(rb"hallapp-bundle 1 ([^\n]{1,128})\n")
SIGNATURE = 64


@dataclass(frozen=True, slots=True)
class HallKey:
    """A hall's public key as it is handed over once."""

    hall_id: str
    name: str
    public: bytes

    @property
    def fingerprint(self) -> str:
        """What two people compare over the telephone."""
        digest = hashlib.sha256(self.hall_id.encode() + b"\n" + self.public).hexdigest()[:16]
        return "-".join(digest[at:at + 4] for at in range(0, 16, 4))

    def text(self) -> str:
        return f"{_KEY_MAGIC}\n{self.hall_id}\n{self.name}\n{self.public.hex()}\n"

    @classmethod
    def read(cls, file: Path) -> HallKey:
        """Raises CountyRefused."""
        try:
            magic, hall_id, name, public = file.read_text(encoding="utf-8").splitlines()
            if magic != _KEY_MAGIC or not 0 < len(hall_id) <= 32:
                raise ValueError(magic)
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        except OSError as error:
            raise CountyRefused("key_unread", str(file)) from error
        except ValueError as error:
            raise CountyRefused("key_file", str(file)) from error
        return cls(hall_id, name, bytes.fromhex(public))


def private_key(folder: Path) -> Ed25519PrivateKey:
    """The key of the hall whose data folder that is, made at the first time. Raises StoreReadOnly or StoreFull."""
    file = folder / KEY_FILE
    try:
        if not file.exists():
            half = folder / f".{KEY_FILE}.{os.getpid()}"
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                out.write(os.urandom(32))
                out.flush()
                os.fsync(out.fileno())  # bundles that are signed with it leave the hall
            half.replace(file)
        return Ed25519PrivateKey.from_private_bytes(file.read_bytes())
    except OSError as error:
        raise file_error(str(file), error) from error
    except ValueError as error:
        raise CountyRefused("own_key", str(file)) from error


def alias_of(key: Ed25519PrivateKey, number: str) -> str:
    """A staff number's name outside the hall: steady as long as the key is, and nobody's without it."""
    return "p-" + hmac.new(key.private_bytes_raw(), b"staff " + number.encode(), "sha256").hexdigest()[:16]


def sealed(manifest: Manifest, lines: list[list[Any]], key: Ed25519PrivateKey) -> bytes:
    """The bundle's bytes: the same for the same events."""
    header = _MAGIC + manifest.hall_id.encode() + b"\n"
    text = "\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in (manifest.plain(), *lines))
    body = gzip.compress(text.encode(), mtime=0)
    return header + key.sign(header + body) + body


def hall_of(data: bytes, file: str) -> str:
    """Whose bundle the file says it is; not to be believed before it is ``opened``. Raises CountyRefused."""
    found = _HEADER.match(data)
    try:
        return found[1].decode() if found else _no_bundle(file)
    except UnicodeDecodeError:
        return _no_bundle(file)


def opened(data: bytes, public: bytes, file: str) -> tuple[Manifest, list[list[Any]]]:
    """What a bundle holds, if the hall of that key sealed it. Raises CountyRefused."""
    hall_id = hall_of(data, file)
    header = _MAGIC + hall_id.encode() + b"\n"
    signature, body = data[len(header):len(header) + SIGNATURE], data[len(header) + SIGNATURE:]
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, header + body)
    except InvalidSignature as error:
        raise CountyRefused("seal", file, hall_id) from error
    try:
        first, *lines = (json.loads(line) for line in gzip.decompress(body).decode().split("\n"))
        manifest = Manifest.of(first)
    except (ValueError, KeyError, TypeError, OSError, EOFError) as error:
        raise CountyRefused("shape", file) from error
    if manifest.hall_id != hall_id or [line[0] for line in lines] != [
            *range(manifest.first_seq, manifest.last_seq + 1)]:
        raise CountyRefused("shape", file)
    return manifest, lines


def _no_bundle(file: str) -> str:
    raise CountyRefused("no_bundle", file)
