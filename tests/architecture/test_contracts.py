"""The import contracts of pyproject.toml hold, and each of them catches a planted violation."""

import shutil
import subprocess
import sys
import tomllib

import pytest

from tests.architecture.conftest import PACKAGES, ROOT

CONTRACTS = [contract["name"] for contract in
             tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]]
PLANTED = {
    "hallapp is layered": ("hallapp/domain/queue.py", "from hallapp.services import kiosk"),
    "ui reaches data only through services": ("hallapp/ui/lights.py", "import hallapp.store.tables"),
    "Qt lives in ui, app and demo only": ("hallapp/services/kiosk.py", "from PySide6 import QtCore"),
    "domain is plain Python": ("hallapp/domain/queue.py", "import sqlalchemy"),
    "drivers know nothing of the hall": ("drivers/escpos.py", "import hallapp.domain.ticket"),
    "documents speak ESC/POS but open no device": ("hallapp/documents/ticket_slip.py", "import drivers.transport"),
    "what visitors are told, staff are not": ("hallapp/ui/counter/questions.py", "import hallapp.ui.kiosk.told"),
}


def lint(folder, *arguments):
    """Run import-linter on the packages in ``folder``; whether it passed, and what it said."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command; "
                               "sys.path.insert(0, '.'); lint_imports_command()", "--no-cache", *arguments],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )
    return done.returncode == 0, done.stdout + done.stderr


def test_the_contracts_hold():
    passed, said = lint(ROOT)
    assert passed, said


def test_every_contract_has_a_planted_violation():
    assert set(PLANTED) == set(CONTRACTS)


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """What import-linter says of a copy of the program in which every contract is broken once."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file, line in PLANTED.values():
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    passed, said = lint(folder)
    assert not passed
    return said


@pytest.mark.parametrize("contract", PLANTED)
def test_a_planted_violation_is_caught(planted, contract):
    assert f"{contract} BROKEN" in planted
