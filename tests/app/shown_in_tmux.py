"""Shows a library whose names terminals measure differently; run by a test in a terminal of its own."""

from __future__ import annotations

from datetime import timedelta

from gumnut_tui.domain.models import Library
from tests.app.scripted import ScriptedClient, make_asset
from tests.app.stage import make_app
from tests.factories import NOW, make_event

NAMES = (
    "👨‍👩‍👧‍👦 beach.jpg", "👍🏽👍🏿.png", "🇵🇹🇯🇵🇵.jpg", "❤️☀︎ heart.jpg", "1️⃣2️⃣ first.jpg",
    "🏴\U000e0067\U000e0062\U000e007f.jpg", "각국.jpg", "a\u0301e\u0308o\u0304.jpg", "🏃🏽‍♀️🏳️‍🌈.jpg",
    "\u1100\u1161\u11a8.jpg", "x\u1161\u11a8.jpg", "कि क्षि.jpg", "写真２.jpg",
    "☰䷀㉈.jpg", "\U0001f3fd tone.jpg", "αβ…─●.jpg", "\u200d\ufe0f.jpg",
    "🫠🫶🏾.jpg", "ﷺ ௵.jpg", "กำ น้ำ.jpg",
)  # fmt: skip


def client() -> ScriptedClient:
    """One photo for each name, in a library with a name of them all."""
    events, assets = [], []
    for number, name in enumerate(NAMES):
        at = NOW - timedelta(minutes=len(NAMES) - number)
        events.append(make_event(number, entity_id=f"asset_{number:02}", created_at=at))
        assets.append(make_asset(number, original_file_name=name))
    return ScriptedClient(events, entities=assets, libraries=[Library("lib_home", "".join(NAMES[:6]))])


if __name__ == "__main__":
    make_app(client()).run()
