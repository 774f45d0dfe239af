"""Plans in words, Markdown and JSON lines: the same steps, and nothing in them that acts on a terminal."""

from __future__ import annotations

import json
from datetime import UTC

from gumnut_tui.undo.forms import plan_chunks
from gumnut_tui.undo.plan import Heading, Plan, Step, StepKind, in_order
from gumnut_tui.undo.words import summary
from tests.factories import NOW

HEADING = Heading("lib_1", "Family\x1b[2J", "https://api.gumnut.ai", "a day", NOW, is_offline=False)
STEPS = (
    Step(StepKind.NOTE, "asset", ("asset_5",), reason="back already"),
    Step(StepKind.IMPOSSIBLE, "asset", ("asset_6", "asset_7"), reason="deleted for good"),
    Step(StepKind.ADD_TO_ALBUM, "album_asset", tuple(f"asset_{at}" for at in range(450)), "album_1", "Italy\n| *"),
    Step(StepKind.CREATE_ALBUM, "album", ("album_1",), name="Italy\n| *", values={"name": "Italy\n| *"}),
    Step(StepKind.RESTORE, "asset", ("asset_1",)),
    Step(StepKind.IMPOSSIBLE, "asset", ("asset_8",), reason="deleted for good"),
)


def plan(*steps: Step) -> Plan:
    """A plan of these steps."""
    return Plan(HEADING, in_order(steps), {("asset", "asset_1"): "IMG_1.jpg"})


def text(form: str, *steps: Step) -> str:
    """The plan in a form."""
    return b"".join(plan_chunks(plan(*steps), form, UTC, NOW)).decode()


def test_steps_stand_in_the_order_in_which_they_are_run() -> None:
    """Restores before albums, albums before their photos; two hundred ids a step; the same reason once."""
    ordered = in_order(STEPS)
    assert [(step.kind.value, len(step.ids)) for step in ordered] == [
        ("restore", 1), ("create_album", 1), ("add_to_album", 200), ("add_to_album", 200), ("add_to_album", 50),
        ("impossible", 3), ("note", 1),
    ]  # fmt: skip


def test_the_summary_counts_what_comes_back_and_what_cannot() -> None:
    """In the words a person would count in."""
    assert summary(plan(*STEPS)) == "Brings back 1 photo, 1 album, 450 places in albums. 3 things cannot be undone."
    assert summary(plan()) == "There is nothing to bring back."


def test_names_act_on_nothing() -> None:
    """Neither on a terminal nor as Markdown."""
    for form in ("table", "md"):
        shown = text(form, *STEPS)
        assert "\x1b" not in shown
        assert "Italy\n" not in shown
    assert "\\|" in text("md", *STEPS)


def test_each_step_is_one_json_line() -> None:
    """Names stay as they were received; what is sent stands under `values`."""
    rows = [json.loads(line) for line in text("jsonl", *STEPS).splitlines()]
    made = next(row for row in rows if row["step"] == "create_album")
    assert made == {
        "step": "create_album", "entity_type": "album", "ids": ["album_1"], "name": "Italy\n| *", "reason": "",
        "values": {"name": "Italy\n| *"},
    }  # fmt: skip
    assert [row["holder"] for row in rows if row["step"] == "add_to_album"] == ["album_1"] * 3
