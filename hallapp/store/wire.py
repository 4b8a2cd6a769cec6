"""Statements to PostgreSQL in as few round trips as can be: each waits until somebody needs an answer or the
transaction ends, and then all that wait go at once. A hall's server may be in the next town, and a round trip costs
both sides more than the statement."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from psycopg import Error, OperationalError, errors
from psycopg.abc import PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.generators import send
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.waiting import Wait

from hallapp.store.bounded import Bounded
from hallapp.store.together import answers_needed

# a step sees what those it waited for have done; a look sees one moment and writes nothing
STEP, LOOK = b"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
COMMIT = b"COMMIT"
MOST = 256  # statements that wait, in a long import
_SAID = frozenset((int, float, bool, date, datetime))  # the server reads what str() makes of them
_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
Waiting = tuple["Answer | None", bytes, Sequence[Any]]  # whose answer is awaited, text, values
Sent = tuple["Answer | None", bytes, bool]  # whose answer comes, the text if this prepares it, whether failing matters


class Answer:
    """What a statement finds, once it was sent."""

    __slots__ = ("_wire", "result")

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.result: PGresult | None = None

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Its rows. Raises psycopg.Error, be it for a statement that waited before it."""
        while self.result is None:
            answers_needed(self._wire)
        return self._wire.rows(self.result)


class Wire(Bounded):
    """A connection whose own statements (``ask``) are prepared once and sent when an answer is needed.

    Whatever else psycopg is to do on it comes after those that wait. To be connected with ``prepare_threshold=None``:
    psycopg makes the server forget all that is prepared, at a rollback, if it prepares statements too.
    """

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._waiting: list[Waiting] = []
        self._afterwards: list[Waiting] = []
        self._sent: list[Sent] = []  # whose answers were not asked for yet
        self._asked: list[Sent | None] = []  # whose answers are on their way; None: the server's word that it is ready
        self._looks = False
        self._names: dict[bytes, bytes] = {}
        self._given = 0
        self._adapted = Transformer.from_context(self)

    def begin(self, transaction: bytes) -> None:
        if not self.autocommit:
            self.autocommit = True  # known to the client only: psycopg begins no transaction by itself
        self._looks = transaction is LOOK
        self._waiting.append((None, transaction, ()))

    def ask(self, text: bytes, values: Sequence[Any]) -> Answer:
        """``values`` stand in ``text`` as $1, $2 ..."""
        answer = Answer(self)
        self._waiting.append((answer, text, self._dumped(values)))
        if len(self._waiting) >= MOST:
            self.flush()
        return answer

    def afterwards(self, text: bytes, values: Sequence[Any]) -> None:
        """Goes with the next commit, behind it; whether it is done does not matter to what is committed."""
        self._afterwards.append((None, text, self._dumped(values)))

    def _dumped(self, values: Sequence[Any]) -> list[Any]:
        """As psycopg says them, whose way to the plainest values costs as much as sending the statement."""
        said: list[Any] = []
        for value in values:
            kind = type(value)
            if value is None:
                said.append(None)
            elif kind is str and "\0" not in value:
                said.append(value.encode())
            elif kind in _SAID:
                said.append(str(value).encode())
            else:
                said.extend(self._adapted.dump_sequence((value,), (PyFormat.TEXT,)))
        return said

    def rows(self, result: PGresult) -> list[tuple[Any, ...]]:
        self._adapted.set_pgresult(result)
        return self._adapted.load_rows(0, result.ntuples, tuple)

    def hasten(self, answers: bool = False) -> None:
        """Have the server begin with what waits, while this process makes ready what comes next; with the ``answers``
        what comes next does not hold them up."""
        self._send(self._waiting)
        if answers:
            self._ask_answers()
        self.pgconn.flush()

    def commit(self) -> None:
        """A look whose answers are all there waits no more: that it has ended is heard by whoever comes next."""
        looks, self._looks = self._looks, False
        if self._waiting or self._afterwards or self._sent or self._asked:
            self._waiting.append((None, COMMIT, ()))
            self._end()
        elif looks:
            self._waiting.append((None, COMMIT, ()))
            self.hasten(answers=True)
        else:
            super().commit()

    def _end(self) -> None:
        """Nothing is left open where a statement failed that waited: SQLAlchemy takes no commit back."""
        try:
            self._send(self._waiting)
            self._send(self._afterwards, matters=False)
            self._ask_answers()
            self._take()
        except Error:
            if not self.closed:
                self.rollback()
            raise

    def rollback(self) -> None:
        self._looks = False
        self._waiting.clear()
        self._afterwards.clear()
        while (self._sent or self._asked) and not self.closed:
            with suppress(Error):  # it is taken back, whatever became of it
                self.flush()
        super().rollback()

    def wait(self, gen: Any, *arguments: Any, **more: Any) -> Any:
        self.flush()
        return super().wait(gen, *arguments, **more)

    def flush(self) -> None:
        """Send what waits, and take all answers. Raises psycopg.Error for the first that failed: the server leaves out
        those behind it."""
        self._send(self._waiting)
        self._ask_answers()
        self._take()

    def answers(self) -> None:
        """Send what waits, and take the answers that were hastened, or all. Raises as ``flush`` does."""
        self._send(self._waiting)
        if not any(one and one[0] for one in self._asked):
            self._ask_answers()
        self._take()

    def _send(self, waiting: list[Waiting], matters: bool = True) -> None:
        line = self.pgconn
        try:
            if waiting and not line.pipeline_status:
                line.enter_pipeline_mode()
            for answer, text, given in waiting:
                if text not in self._names:
                    self._given += 1
                    self._names[text] = b"hall_%d" % self._given
                    line.send_prepare(self._names[text], text)
                    self._sent.append((None, text, matters))
                line.send_query_prepared(self._names[text], given)
                self._sent.append((answer, b"", matters))
        except BaseException:
            self.close()  # what was sent is not known
            raise
        waiting.clear()

    def _ask_answers(self) -> None:
        if not self._sent:
            return
        try:
            self.pgconn.pipeline_sync()
        except BaseException:
            self.close()  # it waits for answers that nobody will ask for
            raise
        self._asked += [*self._sent, None]
        self._sent.clear()

    def _take(self) -> None:
        """The answers that were asked for. Raises psycopg.Error for the first that failed."""
        asked, self._asked = self._asked, []
        if not asked:
            return
        try:
            found = super().wait(_answers(self.pgconn, len(asked)))
            if not self._sent:
                self.pgconn.exit_pipeline_mode()
        except BaseException:
            self.close()  # an answer that comes yet would be taken for another statement's
            raise
        failed = None
        for one, result in zip(asked, found, strict=True):
            if one is None:
                continue
            answer, prepared, matters = one
            if result.status in _DONE:
                if answer is not None:
                    answer.result = result
            else:
                failed = failed or (result if matters else None)
                self._names.pop(prepared, None)
        if failed is not None:
            raise errors.error_from_result(failed)


def _answers(line: PGconn, number: int) -> PQGen[list[PGresult]]:
    """As psycopg's own ``fetch_many`` for each, at half its cost."""
    yield from send(line)
    found = []
    for _ in range(number):
        while line.is_busy():
            yield Wait.R
            line.consume_input()
        result = line.get_result()
        if result is None:
            raise OperationalError("the server went away amid its answers")
        if result.status != ExecStatus.PIPELINE_SYNC:
            line.get_result()  # which is none: the end of this statement's
        found.append(result)
    return found
