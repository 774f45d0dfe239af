"""The platform's clipboard, beside the terminal's own: not every terminal takes what a program copies."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence

PATIENCE = 2.0
"""Seconds a clipboard program gets."""


def clipboard_command(environ: Mapping[str, str], platform: str = sys.platform) -> Sequence[str] | None:
    """The program that fills the clipboard here; None where there is no desktop or no such program."""
    if platform == "darwin":
        candidates = [["pbcopy"]]
    elif platform == "win32" or "WSL_DISTRO_NAME" in environ:
        candidates = [["clip.exe"]]
    elif "WAYLAND_DISPLAY" in environ:
        candidates = [["wl-copy"]]
    elif "DISPLAY" in environ:
        candidates = [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    else:
        candidates = []
    return next((command for command in candidates if shutil.which(command[0])), None)


def fill_clipboard(text: str, command: Sequence[str]) -> bool:
    """Give the text to the clipboard program; False when that failed."""
    try:
        subprocess.run(
            command,
            input=text.encode("utf-8", "replace"),
            check=True,
            timeout=PATIENCE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True
