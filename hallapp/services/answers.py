"""Visitors' answers on their way into the store: they outlast the program that asked."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from pathlib import Path

from hallapp.domain.errors import HallError, StoreError, file_error
from hallapp.domain.rating import Answer, Channel, Level, Rating
from hallapp.services import ratings
from hallapp.services.files import save_file
from hallapp.services.hall import Hall

_log = logging.getLogger(__name__)


class Answers:
    """What one channel of this PC has heard for a hall, a small file each in ``folder`` until the store has it.

    No name and no number is in them: a visit's id, and what was answered when.
    """

    def __init__(self, folder: Path, hall_id: str, channel: Channel) -> None:
        self._folder, self._ending = folder, f".{hall_id}.{channel}.json"
        self._odd: set[Path] = set()  # told once: a pad looks every two seconds

    def keep(self, answer: Answer) -> None:
        """The first one of a visit stands. Raises StoreReadOnly or StoreFull."""
        file = self._file(answer)
        if file.exists():
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise file_error(str(self._folder), error) from error
        save_file(json.dumps({
            "visit": answer.visit_id, "window": answer.window, "level": answer.level, "reasons": answer.reasons,
            "at": answer.at.isoformat()}).encode(), file)

    def waiting(self) -> tuple[Answer, ...]:
        """Those that were kept and not dropped, oldest first; a file that cannot be read stays where it is."""
        found = []
        for file in self._folder.glob(f"*{self._ending}"):
            try:
                found.append(self._read(file))
            except (OSError, ValueError, KeyError, TypeError) as error:
                if file not in self._odd:
                    self._odd.add(file)
                    _log.warning("%s holds no answer: %s", file, error)
        return tuple(sorted(found, key=lambda one: one.at))

    def drop(self, answer: Answer) -> None:
        """The store has it, or will never take it."""
        try:
            self._file(answer).unlink(missing_ok=True)
        except OSError as error:  # given again after the next start, and refused
            _log.warning("an answer stays: %s", error)

    def _file(self, answer: Answer) -> Path:
        return self._folder / f"{answer.visit_id}{self._ending}"

    def _read(self, file: Path) -> Answer:
        kept = json.loads(file.read_bytes())
        level = None if kept["level"] is None else Level(kept["level"])
        channel = Channel(self._ending.split(".")[-2])
        return Answer(kept["visit"], kept["window"], level, tuple(kept["reasons"]), channel,
                      datetime.fromisoformat(kept["at"]))


def hand_in(hall: Hall, answers: Answers, answer: Answer) -> Rating:
    """Give the store an answer, which then waits no longer. Raises as ratings.give; it still waits after a
    StoreError."""
    try:
        rating = ratings.give(hall, answer)
    except StoreError:
        raise
    except HallError:
        answers.drop(answer)
        raise
    answers.drop(answer)
    return rating
