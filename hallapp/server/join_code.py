"""What another PC needs to find the hall's server and to be sure that it is this one; no password in it."""

from __future__ import annotations

import hashlib
import re
import socket
import ssl
import struct
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from hallapp.domain.errors import BadInput, ServerFailed
from hallapp.server.front import SSL_REQUEST

SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class JoinCode:
    """A server's address and its certificate's SHA-256 in hex; no ``fingerprint`` for a server of the hall's own that
    hallapp did not make, whose TLS is its administrator's affair. ``hall``: the id of the hall that the role is of."""

    role: str
    host: str
    port: int
    database: str
    fingerprint: str = ""
    hall: str = ""

    def text(self) -> str:
        """As typed after ``hallapp join`` or printed as a QR code."""
        more = urlencode({name: one for name, one in (("sha256", self.fingerprint), ("hall", self.hall)) if one})
        return f"postgresql://{self.role}@{self.host}:{self.port}/{self.database}{'?' if more else ''}{more}"


def parse(text: str) -> JoinCode:
    """Raises BadInput."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port or 5432
        host, database = parts.hostname or "", parts.path.lstrip("/")
        more = parse_qs(parts.query)
        check, hall = more.get("sha256", [""])[0].lower(), more.get("hall", [""])[0]
    except ValueError:
        raise BadInput("join") from None
    wellformed = parts.scheme == "postgresql" and host and re.fullmatch(r"\w{1,63}", database) and parts.username
    if not wellformed or parts.password or not re.fullmatch(r"[0-9a-f]{64}|", check) or not re.fullmatch(
            r"[\w.-]{0,32}", hall):
        raise BadInput("join")
    return JoinCode(parts.username or "", host, port, database, check, hall)


def code_of(url: str) -> JoinCode:
    """Of a server that its owner reaches by ``url``, and the certificate named in it. Raises BadInput."""
    try:
        parts = urlsplit(url)
        root = parse_qs(parts.query).get("sslrootcert", [""])[0]
        code = parse(f"postgresql://{parts.username}@{parts.netloc.rpartition('@')[2]}{parts.path}")
    except (ValueError, BadInput):
        raise BadInput("url") from None
    try:
        return replace(code, fingerprint=fingerprint(Path(root).read_bytes()) if root else "")
    except (OSError, ValueError) as error:
        raise BadInput(root) from error


def fingerprint(certificate: bytes) -> str:
    """Of a certificate as PEM."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.decode("ascii"))).hexdigest()


def reached(code: JoinCode) -> bytes:
    """The server's certificate as PEM, compared with the code's; empty for a code without a fingerprint.

    Raises ServerFailed: ``reach``, ``other``.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # the fingerprint below is the check
    try:
        with socket.create_connection((code.host, code.port), SECONDS) as plain:
            if not code.fingerprint:
                return b""
            plain.sendall(struct.pack("!ii", 8, SSL_REQUEST))
            if plain.recv(1) != b"S":
                raise ServerFailed("other", f"{code.host}:{code.port}")
            with context.wrap_socket(plain) as line:
                found = line.getpeercert(binary_form=True)
    except OSError as error:
        raise ServerFailed("reach", f"{code.host}:{code.port}") from error
    pem = ssl.DER_cert_to_PEM_cert(found or b"").encode("ascii")
    if fingerprint(pem) != code.fingerprint:
        raise ServerFailed("other", f"{code.host}:{code.port}")
    return pem
