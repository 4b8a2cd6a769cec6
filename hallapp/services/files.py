"""Files for people: whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from hallapp.domain.errors import StoreFull, StoreReadOnly


def save_file(data: bytes, path: Path) -> Path:
    """Write a file whole or not at all. Raises StoreReadOnly or StoreFull."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        half.write_bytes(data)
        half.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
        kind = StoreFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else StoreReadOnly
        raise kind(str(path), str(error)) from error
    return path
