import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from hallapp.server.cluster import Cluster, free_port
from hallapp.server.service import halt, launch


@pytest.fixture(scope="session")
def cluster(server_folder):
    """A running server of the hall's own with its front."""
    made = Cluster(server_folder / "hall server")
    made.init(datetime.now(UTC), ("127.0.0.1",), free_port())
    launch(made)
    yield made
    halt(made)


@pytest.fixture(scope="session")
def password(cluster):
    return cluster.password_file.read_text()


@pytest.fixture
def run():
    """``run(...)``: the command line as a program of its own."""

    def start(*arguments, cwd=None):
        return subprocess.run([sys.executable, "-m", "hallapp", "server", *map(str, arguments)], capture_output=True,
                              text=True, check=False, cwd=cwd,
                              env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})

    return start
