from contextlib import closing
from uuid import uuid4

import psycopg
import pytest


@pytest.fixture
def load_url(postgres_url):
    """An empty database of the test's own on the real server."""
    name = f"load_{uuid4().hex[:12]}"
    with closing(psycopg.connect(postgres_url, autocommit=True)) as db:
        db.execute(f"CREATE DATABASE {name}")
        yield postgres_url.removesuffix("/hall") + f"/{name}"
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")
