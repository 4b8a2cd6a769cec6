import pytest

from hallapp.store.opening import open_sqlite


@pytest.fixture
def store(store_path):
    opened = open_sqlite(store_path, "h1")
    yield opened
    opened.close()
