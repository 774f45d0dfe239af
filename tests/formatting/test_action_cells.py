"""The row of an action, what the detail pane tells about it, and the tally of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from gumnut_tui.domain.action_facts import What, facts_of
from gumnut_tui.domain.actions import Action, Family
from gumnut_tui.domain.models import Operation, to_us
from gumnut_tui.formatting.action_cells import DayTally, Pane, action_cells, action_lines, undo_words
from gumnut_tui.formatting.facts import Tone
from tests.factories import NOW

KINDS = {("asset", "asset_trashed"): 1200}
TRASH = Action(Family.TRASH, "", to_us(NOW) - 90_000_000, to_us(NOW) - 62_000_000, 1200)
FACTS = facts_of(TRASH, KINDS, ())


def test_a_row_tells_when_how_long_what_and_how_much() -> None:
    """The day only where it is not today."""
    cells = action_cells(TRASH, FACTS, "1,200 photos to the trash", zone=UTC, now=NOW)
    assert (cells.span, cells.glyph, cells.word, cells.tone) == ("28 s", "▽", "trash", Tone.WARN)
    assert (cells.sentence, cells.photos, cells.events) == ("1,200 photos to the trash", "1,200", "1,200")
    assert " " not in cells.time
    assert " " in action_cells(TRASH, FACTS, "", zone=UTC, now=NOW + timedelta(days=3)).time


def test_what_takes_no_time_has_no_length() -> None:
    """One event, or several at once."""
    at_once = Action(Family.TRASH, "", TRASH.first_us, TRASH.first_us, 1)
    assert action_cells(at_once, FACTS, "", zone=UTC, now=NOW).span == ""


KEPT = "in the trash since today 11:58, recoverable until about 1 Jan 2027 (42 days unless configured)"
GONE = "deleted for good since: only from a copy kept elsewhere"
PANE = Pane(zone=UTC, now=NOW, name=lambda *_: None, retention=timedelta(days=42))
ADDING = {What.UPLOAD, What.RESTORE, What.MOVED_IN, What.OTHER}
"""What takes nothing away, or nobody knows of."""


@pytest.mark.parametrize("what", [what for what in What if what not in ADDING], ids=lambda what: what.word)
def test_what_a_plan_undoes_is_not_said_to_take_nothing_away(what: What) -> None:
    """Each kind of action that plans bring something back of has its words."""
    assert undo_words(TRASH, replace(FACTS, what=what), PANE) != "nothing was taken away"


def test_what_was_only_added_takes_nothing_away() -> None:
    """Whatever it was added to."""
    added = replace(
        FACTS, what=What.ALBUM, kinds={("album_asset", "album_asset_added"): 3, ("album", "album_created"): 1}
    )
    assert undo_words(TRASH, added, PANE) == "nothing was taken away"
    both = replace(added, kinds={**added.kinds, ("album_asset", "album_asset_removed"): 1})
    assert undo_words(TRASH, both, PANE) != "nothing was taken away"


@pytest.mark.parametrize(
    ("restored", "deleted", "words"),
    [
        (0, 0, f"1,200 photos {KEPT}"),
        (1200, 0, "all photos are back"),
        (0, 1200, f"1,200 photos {GONE}"),
        (1100, 99, f"1 photo {KEPT}; 99 photos {GONE}"),
    ],
)
def test_of_trashed_photos_only_those_still_in_the_trash_can_be_restored(
    restored: int, deleted: int, words: str
) -> None:
    """With the retention of the trash that is configured."""
    became: dict[Operation | None, int] = {
        Operation.RESTORED: restored,
        Operation.DELETED: deleted,
        Operation.TRASHED: 7,
    }
    assert undo_words(TRASH, FACTS, replace(PANE, became=became)) == words


def test_the_detail_tells_what_is_known() -> None:
    """The sentence whole, events by type, and how to name the action."""
    lines = action_lines(TRASH, FACTS, "1,200 to the trash", PANE)
    told = {line.label: line.value for line in lines if line.label}
    assert told["undo"].startswith("1,200 photos in the trash")
    assert told["id"] == TRASH.id
    assert "1,200 to the trash" in [line.value for line in lines]
    assert any(line.value == "1,200 asset_trashed" for line in lines)


def test_a_day_is_summed_up_by_photos_not_by_events() -> None:
    """What matters most comes first, so that it stays where there is little room."""
    tally = DayTally()
    upload = Action(Family.UPLOAD, "", 0, 1, 300)
    tally.take(upload, {("asset", "asset_created"): 100, ("metadata", "metadata_updated"): 200})
    tally.take(upload, {("asset", "asset_created"): 36})
    tally.take(Action(Family.ALBUM, "album_1", 0, 1, 5), {("album_asset", "album_asset_added"): 5})
    tally.take(TRASH, KINDS)
    tally.take(Action(Family.PEOPLE, "", 0, 1, 1), {("person", "person_updated"): 1})
    assert tally.parts() == ["2 uploads (136 photos)", "1,200 trashed", "1 on albums", "1 other"]
    assert DayTally().parts() == []
