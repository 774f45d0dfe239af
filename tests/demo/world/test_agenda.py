"""Stories run by the clock, in one order however the run is cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.demo.world.agenda import Agenda, Story

PAUSES = st.lists(st.lists(st.integers(0, 5), max_size=5), max_size=5)
END_US = 40_000_000


def story(agenda: Agenda, number: int, pauses: list[int], told: list[tuple[int, int]]) -> Story:
    """Tells its number at each step."""
    for pause in pauses:
        told.append((agenda.now_us, number))
        yield pause
    told.append((agenda.now_us, number))


def told_by(stories: list[list[int]], stops_us: list[int]) -> list[tuple[int, int]]:
    """What the stories tell, and when, with the run cut at these instants."""
    agenda, told = Agenda(0), list[tuple[int, int]]()
    for number, pauses in enumerate(stories):
        agenda.start(story(agenda, number, pauses, told), delay=number)
    for stop_us in [*sorted(stops_us), END_US]:
        agenda.run(stop_us)
    return told


@given(PAUSES, st.lists(st.integers(0, END_US)))
def test_nothing_depends_on_how_a_run_is_cut(stories: list[list[int]], stops_us: list[int]) -> None:
    """Every step happens once, at its time, in the same order."""
    whole = told_by(stories, [])
    assert told_by(stories, stops_us) == whole
    assert [at_us for at_us, _ in whole] == sorted(at_us for at_us, _ in whole)
    assert len(whole) == sum(len(pauses) + 1 for pauses in stories)


def test_what_is_past_happens_at_once_and_time_never_goes_back() -> None:
    """A story due before now is told now; a run into the past does nothing."""
    agenda, told = Agenda(50), list[tuple[int, int]]()
    agenda.start_at(story(agenda, 1, [], told), 10)
    agenda.run(20)
    assert (told, agenda.now_us) == ([], 50)
    agenda.run(60)
    assert (told, agenda.now_us) == ([(50, 1)], 60)
