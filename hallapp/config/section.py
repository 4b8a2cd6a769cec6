"""Reading hall.toml so that every mistake names the file, the key and what would be right."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from hallapp.domain.errors import ConfigError, ConfigProblem


class Section:
    """One table of the file; remembers which keys were read so that typos are found."""

    def __init__(self, file: Path, name: str, values: dict[str, Any]) -> None:
        self._file, self._name, self._values = file, name, dict(values)

    def error(self, key: str, problem: ConfigProblem, expected: str = "", found: object = "") -> ConfigError:
        name = f"{self._name}.{key}" if self._name else key
        return ConfigError(str(self._file), name, problem, expected, str(found))

    def take(self, key: str, kind: type[Any], default: Any = None, *, choices: tuple[Any, ...] = ()) -> Any:
        """The value of ``key``, of that type and one of ``choices``; without a default it must be there."""
        if key not in self._values:
            if default is None:
                raise self.error(key, ConfigProblem.MISSING)
            return default
        found = self._values.pop(key)
        number = kind is float and isinstance(found, int) and not isinstance(found, bool)
        if not number and type(found) is not kind:
            raise self.error(key, ConfigProblem.TYPE, kind.__name__, found)
        if choices and found not in choices:
            raise self.error(key, ConfigProblem.VALUE, " | ".join(map(str, choices)), found)
        return kind(found) if number else found

    def table(self, key: str) -> Section:
        name = f"{self._name}.{key}" if self._name else key
        return Section(self._file, name, self.take(key, dict, {}))

    def tables(self, key: str) -> list[Section]:
        found = self.take(key, list, [])
        if not all(isinstance(one, dict) for one in found):
            raise self.error(key, ConfigProblem.TYPE, f"[[{key}]]")
        return [Section(self._file, f"{key}[{i}]", one) for i, one in enumerate(found, 1)]

    def names(self) -> tuple[str, ...]:
        return tuple(self._values)

    def done(self) -> None:
        for key in self._values:
            raise self.error(key, ConfigProblem.UNKNOWN)


def parsed(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(file), str(error), ConfigProblem.SYNTAX) from error
    except UnicodeDecodeError as error:
        raise ConfigError(str(file), str(error), ConfigProblem.ENCODING) from error
    except OSError as error:
        raise ConfigError(str(file), str(error), ConfigProblem.UNREADABLE) from error
