"""What another PC needs to find the hall's server and to be sure that it is this one; no password in it."""

from __future__ import annotations

import hashlib
import re
import socket
import ssl
import struct
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from hallapp.domain.errors import BadInput, ServerFailed
from hallapp.server.front import SSL_REQUEST

SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class JoinCode:
    """A server's address and its certificate's SHA-256 in hex; no ``fingerprint`` for a server of the hall's own that
    hallapp did not make, whose TLS is its administrator's affair."""

    role: str
    host: str
    port: int
    database: str
    fingerprint: str = ""

    def text(self) -> str:
        """As typed after ``hallapp join`` or printed as a QR code."""
        check = f"?sha256={self.fingerprint}" if self.fingerprint else ""
        return f"postgresql://{self.role}@{self.host}:{self.port}/{self.database}{check}"


def parse(text: str) -> JoinCode:
    """Raises BadInput."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port or 5432
        host, database = parts.hostname or "", parts.path.lstrip("/")
        check = parse_qs(parts.query).get("sha256", [""])[0].lower()
    except ValueError:
        raise BadInput("join") from None
    wellformed = parts.scheme == "postgresql" and host and re.fullmatch(r"\w{1,63}", database) and parts.username
    if not wellformed or parts.password or not re.fullmatch(r"[0-9a-f]{64}|", check):
        raise BadInput("join")
    return JoinCode(parts.username or "", host, port, database, check)


def fingerprint(certificate: bytes) -> str:
    """Of a certificate as PEM."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.decode("ascii"))).hexdigest()


def fetch_certificate(code: JoinCode) -> bytes:
    """The server's certificate as PEM, compared with the code's. Raises ServerFailed: ``reach``, ``other``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # the fingerprint below is the check
    try:
        with socket.create_connection((code.host, code.port), SECONDS) as plain:
            plain.sendall(struct.pack("!ii", 8, SSL_REQUEST))
            if plain.recv(1) != b"S":
                raise ServerFailed("other", f"{code.host}:{code.port}")
            with context.wrap_socket(plain) as line:
                found = line.getpeercert(binary_form=True)
    except OSError as error:
        raise ServerFailed("reach", f"{code.host}:{code.port}: {error}") from error
    pem = ssl.DER_cert_to_PEM_cert(found or b"").encode("ascii")
    if fingerprint(pem) != code.fingerprint:
        raise ServerFailed("other", f"{code.host}:{code.port}")
    return pem
