"""A disk that really fills up, and one that really is read-only, in a mount namespace of the test's own."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAY_MOUNT = shutil.which("unshare") is not None and subprocess.run(
    ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not MAY_MOUNT, reason="this machine lets no test mount a disk of its own")
def test_a_full_disk_loses_no_number_and_the_hall_goes_on_once_there_is_room(tmp_path):
    script = 'mount -t tmpfs -o size=4m tmpfs "$0" && exec "$1" -m tests.system.small_disk "$0"'
    done = subprocess.run(["unshare", "-rm", "sh", "-c", script, str(tmp_path), sys.executable], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["full True", "goes on True", "new folder StoreFull []", "read-only True"]


@pytest.mark.skipif(not MAY_MOUNT, reason="this machine lets no test mount a disk of its own")
def test_a_full_backup_disk_leaves_no_half_copy_and_a_restore_without_room_leaves_the_store_as_it_was(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    script = 'mount -t tmpfs -o size=4m tmpfs "$1" && exec "$2" -m tests.system.full_backup_disk "$0" "$1"'
    done = subprocess.run(["unshare", "-rm", "sh", "-c", script, str(tmp_path / "data"), str(disk), sys.executable],
                          cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["no_room ['filler'] A031", "ready 1", "1 True []"]
    assert "磁盘已满" in done.stderr
