"""The keeping of a store: its event log carried to another store, and its old months in files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hallapp.domain.errors import HallError, StoreDamaged, StoreError, StoreForbidden


@dataclass(frozen=True, slots=True)
class Archived:
    """A month written to a file, or brought back from it; of how many halls, and how many events."""

    month: date
    file: Path
    halls: int
    events: int


DAILY, MONTHLY = 14, 12  # copies that are kept


def kept(days: Iterable[date]) -> frozenset[date]:
    """Of copies of these days those to keep: the newest fourteen, and the first of each of the newest twelve months."""
    newest = sorted(days, reverse=True)
    firsts = {(day.year, day.month): day for day in newest}  # the earliest comes last
    return frozenset(newest[:DAILY]) | frozenset(sorted(firsts.values(), reverse=True)[:MONTHLY])


class HallUnknown(StoreError):
    """The server has no hall of this id, ``why``, or none that its role may see."""


class HallClosed(StoreError):
    """The hall was closed on the day ``why``."""


class NameTaken(StoreError):
    """Another PC that is at work has this one's name ``why`` too; ``where``: the hall.toml where it can be changed."""


class OtherHall(StoreError):
    """The store in the file ``where`` is the hall ``why``'s, and hall.toml has another id."""


class NotOwner(StoreForbidden):
    """Only the owner of the database ``where`` may do this."""


class NoHall(StoreError):
    """A command is meant for a hall that is there, and the file ``where``, its hall.toml, is not."""


class BackupStopped(HallError):
    """The program ends while a copy is being made."""


class BackupRefused(StoreError):
    """A copy of the store's file cannot be made or brought back here.

    Attributes:
        why: ``server``: the hall's store is on a server; ``on_server``: and so are its copies; ``folder``: the folder
            for copies is not there; ``store``: there is nothing to copy; ``itself``: the copy would be the store's own
            file; ``none``: there is no good copy; ``file``: there is no such copy; ``bad``: it is not a good one of
            this hall.
    """


class FolderBare(StoreError):
    """The folder that hall.toml names for copies, ``where``, holds none yet: a disk may not be mounted there."""


class InUse(StoreError):
    """No copy can be brought back while programs of the hall use the store in the folder ``where``.

    Attributes:
        programs: Their marks, such as ``counter-2`` or ``report``.
    """

    def __init__(self, where: str, programs: tuple[str, ...]) -> None:
        super().__init__(where, ", ".join(programs))
        self.programs = programs


class Restorable(StoreDamaged):
    """The store's file is damaged. ``backup``: the newest good copy, ``None`` if there is none; ``folder``: the data
    folder."""

    def __init__(self, where: str, why: str, backup: Path | None, folder: str) -> None:
        super().__init__(where, why)
        self.backup, self.folder = backup, folder


class BeingRestored(StoreError):
    """The store's file is being replaced by a backup at this moment."""


class CannotMove(HallError):
    """A hall cannot be carried to another store.

    Attributes:
        why: ``mixed``: the other store holds another history; ``archived``: a part of this one's log lies in files;
            ``broken``: this one's log was changed; ``differs``: the tables do not agree afterwards; ``none``: there is
            no hall in this one; ``same``: both are one.
        where: The other store, the event, or the table.
    """

    def __init__(self, why: str, where: str) -> None:
        super().__init__(f"{why}: {where}")
        self.why, self.where = why, where


class ArchiveRefused(HallError):
    """A month of the event log cannot be written to a file or brought back from one.

    Attributes:
        why: ``chain``: the log does not follow from what is archived already; ``count``: the file lacks events;
            ``exists``: a file with other events is there; ``order``: not the youngest archived month of these halls;
            ``damaged``: no archive, a damaged one, or no file; ``running``: the month is not over.
        where: The file, or the hall and seq.
    """

    def __init__(self, why: str, where: str) -> None:
        super().__init__(f"{why}: {where}")
        self.why, self.where = why, where
