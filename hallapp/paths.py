"""Folders: where this installation reads its resources and writes its data. Asking creates nothing."""

from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).parent


def resources() -> Path:
    """Catalogues, fonts, icons, sounds and styles: inside the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def default_data_folder() -> Path:
    """Where this PC's settings, store, slips, copies and log are unless ``--data`` says otherwise. Not created."""
    return platformdirs.user_data_path("hallapp", appauthor=False)
