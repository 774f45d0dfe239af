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
    library = Step(StepKind.RESTORE, "library", ("lib_1",))
    assert summary(plan(library, *STEPS[4:5])) == "Brings back 1 library, 1 photo."


def test_photos_of_the_same_fate_are_told_once() -> None:
    """Whatever their names; albums and people one by one, as they are few."""
    alike = [
        Step(StepKind.IMPOSSIBLE, kind, (f"{kind}_{at}",), name=f"name {at}", reason="never read")
        for kind in ("asset", "album")
        for at in range(3)
    ]
    told = in_order(alike)
    assert [(step.entity_type, len(step.ids), step.name) for step in told] == [
        ("asset", 3, ""), ("album", 1, "name 0"), ("album", 1, "name 1"), ("album", 1, "name 2"),
    ]  # fmt: skip
    assert in_order(alike[:1])[0].name == "name 0"


def test_names_that_are_not_known_are_counted() -> None:
    """Not all photos of a step were ever seen."""
    shown = text("table", Step(StepKind.RESTORE, "asset", ("asset_1", "asset_2", "asset_3")))
    assert "IMG_1.jpg and 2 more" in shown


def test_fields_are_called_as_a_person_would() -> None:
    """Not as the API does."""
    values = {"name": "Ana", "is_favorite": True, "thumbnail_face_id": "face_1"}
    shown = text("table", Step(StepKind.UPDATE, "person", ("person_1",), name="Ana", values=values))
    assert "Set name, favourite and thumbnail of “Ana”" in shown
    heir = Step(StepKind.UPDATE, "person", ("person_2",), "person_1", "Ana", values={"name": None})
    assert "Take the name “Ana” from the person it went to" in text("table", heir)


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
