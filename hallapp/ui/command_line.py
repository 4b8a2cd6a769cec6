"""argparse with Chinese words of its own; without Qt, for the command line stands before everything else."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any, NoReturn

from hallapp.ui.commands import ARGPARSE, ARGPARSE_ERRORS


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, ARGPARSE["usage"] if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser whose help and errors are Chinese; so are its sub-parsers."""

    def __init__(self, *args: Any, add_help: bool = True, **more: Any) -> None:
        super().__init__(*args, add_help=False, **{"formatter_class": _Formatter, **more})
        if add_help:
            self.add_argument("-h", "--help", action="help", default=argparse.SUPPRESS, help=ARGPARSE["help"])

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse, which up to Python 3.12.6 gives what may be left out, and comes behind an option, to nobody."""
        found, extras = super().parse_known_args(args, namespace)
        for action in self._positionals._group_actions:
            if action.nargs == argparse.OPTIONAL and getattr(found, action.dest) == action.default and extras:
                if extras[0].startswith("-"):
                    continue
                try:
                    setattr(found, action.dest, self._get_values(action, [extras.pop(0)]))
                except argparse.ArgumentError as error:
                    self.error(str(error))
        return found, extras

    def add_argument_group(self, *args: Any, **more: Any) -> Any:
        """A group; those that argparse makes by itself get a Chinese title."""
        return super().add_argument_group(*(ARGPARSE.get(each, each) for each in args), **more)

    def error(self, message: str) -> NoReturn:
        """What is wrong, and where to read how it is written; ends with status 2."""
        self.print_usage(sys.stderr)
        self.exit(2, ARGPARSE["error"].format(command=self.prog, message=error_sentence(message)))


def error_sentence(message: str) -> str:
    """What argparse says of wrong arguments, in Chinese; what it may say in a version to come stays as it is."""
    about = re.fullmatch(r"argument (.+?): (.+)", message, re.DOTALL)
    if about:
        return ARGPARSE["about"].format(name=ARGPARSE.get(about[1], about[1]), message=error_sentence(about[2]))
    for pattern, sentence in ARGPARSE_ERRORS.items():
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return sentence.format(*(ARGPARSE.get(part, part) for part in found.groups()))
    return message
