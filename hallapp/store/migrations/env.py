"""Alembic runs inside the transaction that the opening store hands over."""

from alembic import context

from hallapp.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
