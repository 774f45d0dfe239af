"""Settings every test shares."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes depends on the machine and on what else it does.
settings.register_profile("gumnut", deadline=None)
settings.load_profile("gumnut")
