"""What an entity was at a time: compared with a library that keeps every state."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumnut_tui.domain.models import to_us
from gumnut_tui.report.as_of import AsOf, Certainty, Members, as_of, as_of_lines
from gumnut_tui.report.history import History
from gumnut_tui.usecases.history import gather_history
from tests.demo.deeds import CONSTRUCTIVE, DESTRUCTIVE
from tests.demo.lived import ALL, Lived, State
from tests.factories import NOW
from tests.report.test_history import event, history, seen, when

OWN = {
    "asset": ("original_file_name", "kind"),
    "album": ("name", "description"),
    "album_asset": ("album_id", "asset_id"),
    "person": ("name", "birth_date", "is_favorite", "is_hidden"),
    "face": ("asset_id", "bounding_box", "source"),
    "stack": ("origin",),
}
"""The fields of each kind that do not follow from other entities."""

DEEDS = st.lists(
    st.tuples(st.sampled_from(DESTRUCTIVE + CONSTRUCTIVE), st.integers(0, 400), st.integers(0, 400), st.booleans()),
    min_size=1,
    max_size=14,
)


def truth(state: State, kind: str, entity_id: str) -> dict[str, Any] | None:
    """An entity's own fields as they were."""
    entity = state.get((kind, entity_id))
    return None if entity is None else {key: entity[key] for key in OWN[kind]}


def held(state: State, kind: str, entity_id: str) -> set[str]:
    """What an entity held."""
    match kind:
        case "album":
            rows = (each for (own, _), each in state.items() if own == "album_asset")
            return {row["asset_id"] for row in rows if row["album_id"] == entity_id}
        case "person":
            faces = (each for (own, _), each in state.items() if own == "face")
            return {face["id"] for face in faces if face["person_id"] == entity_id}
        case _:
            photos = (each for (own, _), each in state.items() if own == "asset")
            return {photo["id"] for photo in photos if photo["stack_id"] == entity_id}


def traceable(state: State, history: History, kind: str, entity_id: str) -> set[str]:
    """What an entity held, without that of which neither event nor snapshot ever said that it belonged there."""
    if kind != "album":
        return held(state, kind, entity_id) & set(history.known({"person": "face", "stack": "asset"}.get(kind, "")))
    rows = (each for (own, _), each in state.items() if own == "album_asset")
    return {row["asset_id"] for row in rows if row["album_id"] == entity_id and row["id"] in history.ends}


def check(answer: AsOf, state: State, history: History) -> None:
    """Nothing is called certain that was not so."""
    own = truth(state, answer.kind, answer.id)
    match answer.certainty:
        case Certainty.KNOWN:
            assert answer.fields is not None
            assert {key: answer.fields[key] for key in OWN[answer.kind]} == own
        case Certainty.ABSENT:
            assert own is None
    if answer.presence is not None and own is not None:
        assert answer.presence.value == ("trashed" if state[answer.kind, answer.id]["trashed_at"] else "live")
    if answer.members is not None and not answer.is_before_journal:
        wrong = set(answer.members.ids) - held(state, answer.kind, answer.id)
        assert not wrong
        there = traceable(state, history, answer.kind, answer.id)
        assert there <= {*answer.members.ids, *answer.members.uncertain}


async def live_and_check(deeds: list[Any]) -> None:
    """Do all that, syncing where it says so, and ask for everything at every moment."""
    async with Lived(events=600) as lived:
        await lived.sync()
        states = [(lived.now, lived.state())]
        for deed, first, second, is_synced in deeds:
            lived.wait(30)
            lived.do(deed, first, second)
            lived.wait(30)
            states.append((lived.now, lived.state()))
            if is_synced:
                await lived.sync()
        await lived.sync()
        touched = {key for _, state in states for key in state if states[0][1].get(key) != state.get(key)}
        touched |= {key for key in states[0][1] if any(key not in state for _, state in states)}
        history = await gather_history(lived.journal, lived.record, touched)
        for kind, entity_id in sorted(touched):
            for moment, state in states:
                check(as_of(history, kind, entity_id, to_us(moment)), state, history)


@settings(deadline=None, max_examples=15)
@given(DEEDS)
async def test_what_is_called_certain_was_so(deeds: list[Any]) -> None:
    """Whatever is done, and whenever it is synced: known fields, presence and members are those of that time."""
    await live_and_check(deeds)


@pytest.mark.parametrize("kind", ["album", "person", "stack"])
async def test_members_come_back_in_full(kind: str) -> None:
    """Of an entity deleted between two syncs, all that was ever said to be in it is known, and its fields."""
    async with Lived() as lived:
        await lived.sync()
        before, moment = lived.state(), lived.now
        chosen = next(one for one in lived.ids(kind, ALL) if held(before, kind, one))
        lived.wait(60)
        deletions = {
            "album": lived.editor.albums.delete,
            "person": lived.editor.people.delete,
            "stack": lived.editor.stacks.dissolve,
        }
        deletions[kind](chosen)
        lived.wait(60)
        await lived.sync()
        history = await gather_history(lived.journal, lived.record, [(kind, chosen)])
        was = as_of(history, kind, chosen, to_us(moment))
        assert was.certainty is Certainty.KNOWN
        assert was.members is not None
        assert set(was.members.ids) == traceable(before, history, kind, chosen) != set()
        now = as_of(history, kind, chosen, to_us(lived.now))
        assert now.certainty is Certainty.ABSENT
        assert now.members is not None
        assert not now.members.ids


def test_members_that_nothing_places_keep_an_album_from_being_known() -> None:
    """Events of the older feed do not say which photo came into which album; those gone again do not count."""
    past = history(
        seen(-20, "album", "album_1", name="Italy"),
        seen(-20, "album_asset", "row_1", album_id="album_1", asset_id="asset_1"),
        event(-60, "album_asset_added", "row_2"),
        event(-50, "album_asset_added", "row_3"),
        event(-40, "album_asset_removed", "row_3"),
        event(50, "album_asset_added", "row_4"),
    )
    held_then = as_of(past, "album", "album_1", when(0)).members
    assert held_then == Members("asset", ("asset_1",), unplaced=1)
    assert not held_then.are_known
    lines = [line.value for line in as_of_lines(as_of(past, "album", "album_1", when(0)), zone=UTC, now=NOW, name=none)]
    assert "Photos then: 1, perhaps more: of 1 photo it is not known in which album it was" in lines


def test_before_it_was_made_it_was_not_there_even_if_that_is_before_the_journal() -> None:
    """Ids are never given again; one that was only changed later may have been there."""
    past = history(event(10, "asset_created", "new"), event(20, "asset_updated", "old"))
    past.covered_us = when(0)
    assert as_of(past, "asset", "new", when(-50)).certainty is Certainty.ABSENT
    assert as_of(past, "asset", "old", when(-50)).certainty is Certainty.UNKNOWN


def test_faces_that_nothing_gives_to_anybody_keep_a_person_from_being_known() -> None:
    """Events before March 2026 do not say whose a face was; what was read later tells it of some."""
    past = history(
        event(-60, "face_updated", "face_1"),
        event(-50, "face_updated", "face_2"),
        event(50, "face_updated", "face_2"),
        seen(-20, "face", "face_1", asset_id="asset_1", person_id="ana"),
    )
    held_then = as_of(past, "person", "ana", when(0)).members
    assert held_then == Members("face", ("face_1",), unplaced=1)
    state = as_of(past, "person", "ana", when(0))
    lines = [line.value for line in as_of_lines(state, zone=UTC, now=NOW, name=none)]
    assert "Faces then: 1, perhaps more: of 1 face it is not known whose it was" in lines


def test_before_the_journal_others_may_have_been_there() -> None:
    """What came or went earlier is not in it; when it begins is said."""
    past = history(
        event(10, "album_updated", "album_1"),
        event(20, "album_asset_removed", "row_1", album_id="album_1", asset_id="asset_1"),
    )
    past.covered_us = when(0)
    state = as_of(past, "album", "album_1", when(-50))
    lines = [line.value for line in as_of_lines(state, zone=UTC, now=NOW, name=none)]
    assert lines[0] == "As of today 11:59: not known; the journal begins today 12:00"
    told = "Photos then: 0, 1 of which it is not known, perhaps others: what came or went before the journal begins"
    assert any(line.startswith(told) for line in lines)


def none(_kind: str, _id: str) -> None:
    """No names."""
