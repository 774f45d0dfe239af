"""Settings every test shares."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from gumnut_tui.domain import redaction

# How long an example takes depends on the machine and on what else it does.
settings.register_profile("gumnut", deadline=None)
settings.load_profile("gumnut")


# Else each program that a test starts compiles all of its modules again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(autouse=True)
def _no_secret_of_another_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process was told to hide stays hidden, so a test's key could be a word of the next test."""
    monkeypatch.setattr(redaction, "_remembered", {})
