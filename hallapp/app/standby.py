"""``hallapp server standby``, ``promote`` and ``alone``: a second server, and who works when one of the two is gone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hallapp.domain.errors import BadInput
from hallapp.server.cluster import PORT, Cluster
from hallapp.server.service import launch
from hallapp.server.standby import follow, go_alone, make_standby, promote
from hallapp.ui.commands import TEXTS


def run_standby(action: str, folder: Path, of: str, listen: Sequence[str], port: int | None) -> int:
    """``of``: the followed server's address, with its port or without. Raises BadInput or ServerFailed."""
    cluster = Cluster(folder)
    if action == "standby":
        host, _, there = of.partition(":")
        if not host or not (there or str(PORT)).isdecimal():
            raise BadInput("of")
        upstream = host, int(there or PORT)
        make_standby(cluster, *upstream, listen or ("127.0.0.1",), port or PORT)
        launch(cluster)
        follow(cluster, *upstream)
    else:
        (promote if action == "promote" else go_alone)(cluster)
    print(TEXTS[f"server_{action}_done"])
    return 0
