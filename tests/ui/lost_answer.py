"""A commit that is done while the station never hears of it."""

from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError


@contextmanager
def lost_answers(store):
    """Within it, every step on the SQLite ``store`` is committed and ends as if its answer got lost."""

    def lose(db):
        if db.get_execution_options().get("writes"):
            db.connection.driver_connection.execute("COMMIT")
            raise DBAPIError("COMMIT", None, Exception("gone"))

    event.listen(store.engine, "commit", lose)
    try:
        yield
    finally:
        event.remove(store.engine, "commit", lose)
