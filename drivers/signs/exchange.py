"""Telling a sign something over a line that may be silent, noisy or full of late answers."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from drivers.errors import BadReply, NoAnswer, UnknownFate, Unreachable
from drivers.transport import Transport

T = TypeVar("T")
PATIENCE = 1.0  # seconds for an answer to come together, however much else comes


def say(transport: Transport, data: bytes) -> None:
    """Raises Unreachable, also where a part went out: a sign is told all of it again anyway."""
    transport.open()
    try:
        transport.write(data)
    except UnknownFate as error:
        raise Unreachable(str(error)) from error


def ask(
    transport: Transport, data: bytes, heard: Callable[[bytes], T | None], now: Callable[[], float] = monotonic
) -> T:
    """Say ``data``, then read until ``heard`` makes something of what came. Raises Unreachable, NoAnswer, or
    BadReply where something came and no answer in it, within PATIENCE and one time-out of the transport's."""
    say(transport, data)
    deadline, talked = now() + PATIENCE, False
    while True:
        came = transport.read(64)
        if not came:
            raise BadReply("no answer in what came") if talked else NoAnswer()
        talked = True
        answer = heard(came)
        if answer is not None:
            return answer
        if now() > deadline:
            raise BadReply("it talks, but gives no answer")
