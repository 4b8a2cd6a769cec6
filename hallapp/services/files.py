"""Files for people: whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from hallapp.domain.errors import file_error


def save_file(data: bytes, path: Path) -> Path:
    """Write a file whole or not at all. Raises StoreReadOnly or StoreFull."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with half.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())  # before the name is there: a stick may be pulled out once it is said to be
        half.replace(path)
    except OSError as error:
        raise file_error(str(path), error) from error
    finally:  # also when somebody stops the program
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
    return path
