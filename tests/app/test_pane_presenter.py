"""Rules of redrawing around the rows: one pane at a time, each once."""

from __future__ import annotations

from gumnut_tui.app.pane_presenter import Draw, RedrawQueue


class Frames:
    """Frames that pass when the test says so."""

    def __init__(self) -> None:
        self.due: list[Draw] = []
        self.drawn: list[str] = []
        self.redraws = RedrawQueue(self.due.append)

    def ask(self, name: str, drawn: str | None = None) -> None:
        self.redraws.ask(name, lambda: self.drawn.append(drawn or name))

    def pass_one(self) -> list[str]:
        """What the next frame draws."""
        (due,), before = self.due, len(self.drawn)
        self.due.clear()
        due()
        return self.drawn[before:]


def test_each_redraw_gets_a_frame_of_its_own() -> None:
    """In the order they were asked for, but what is selected first; then nothing is due any more."""
    frames = Frames()
    frames.ask("sidebar")
    frames.ask("histogram")
    frames.ask("detail")
    assert not frames.redraws.are_over
    assert [frames.pass_one() for _ in range(3)] == [["detail"], ["sidebar"], ["histogram"]]
    assert frames.redraws.are_over
    assert frames.due == []


def test_what_is_asked_for_again_is_drawn_once_as_asked_for_last() -> None:
    """It keeps its place before what was asked for later."""
    frames = Frames()
    frames.ask("detail", "first event")
    frames.ask("sidebar")
    frames.ask("detail", "last event")
    assert (frames.pass_one(), frames.pass_one()) == (["last event"], ["sidebar"])


def test_a_redraw_may_ask_for_another() -> None:
    """Which then gets the frame after it."""
    frames = Frames()
    frames.redraws.ask("sidebar", lambda: frames.ask("histogram"))
    assert frames.pass_one() == []
    assert frames.pass_one() == ["histogram"]
    assert frames.redraws.are_over
