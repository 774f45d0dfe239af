"""Rules for errors in words: each says what happened in a line, and what to do in another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gumnut_tui.domain import errors
from gumnut_tui.domain.errors import (
    DETAIL_CLIP,
    ApiProblem,
    GumnutError,
    JournalProblem,
    KeyMissing,
    KeyRefused,
    LibraryNotChosen,
    NetworkProblem,
    NotFound,
    RateLimited,
    RefusedAddress,
    UnexpectedAnswer,
    UsageProblem,
    clip,
    explain,
)
from gumnut_tui.domain.key import Key
from gumnut_tui.domain.models import Library
from gumnut_tui.domain.redaction import HIDDEN

ASKED = "GET /api/events"
WILD = "line one\nline two\r\n" + "x" * 5000
SECRET = "apikey_7Kq2mXzVbN4tRwYcHd9pLe"


def family(kind: type[GumnutError]) -> Iterator[type[GumnutError]]:
    """The class and all below it."""
    yield kind
    for child in kind.__subclasses__():
        yield from family(child)


def instance(kind: type[GumnutError], said: str) -> GumnutError:
    """An error of this class for which the other side said `said`."""
    if issubclass(kind, ApiProblem):
        return kind(ASKED, 418, said, request_id=said)
    if issubclass(kind, UnexpectedAnswer):
        return kind(ASKED, "a list", "data", said)
    if issubclass(kind, NetworkProblem):
        return kind(ASKED, said)
    if issubclass(kind, LibraryNotChosen):
        return kind([], said)
    return kind(clip(said))


KINDS = sorted(set(family(GumnutError)), key=lambda kind: kind.__name__)
WITH_ADVICE = [
    kind
    for kind in KINDS
    if issubclass(kind, ApiProblem | NetworkProblem | UnexpectedAnswer | KeyMissing | RefusedAddress | JournalProblem)
    and kind not in (ApiProblem, NetworkProblem, JournalProblem)
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("said", ["no such thing", WILD])
def test_every_error_is_one_or_two_short_lines(kind: type[GumnutError], said: str) -> None:
    """Whatever the other side said, the words are one line and one line of advice, and not long."""
    words = str(explain(instance(kind, said)))
    assert 1 <= len(words.splitlines()) <= 2
    assert 10 < len(words) < 3 * DETAIL_CLIP


@pytest.mark.parametrize("kind", WITH_ADVICE)
def test_every_failure_comes_with_advice(kind: type[GumnutError]) -> None:
    """A person is told what to do next; a wrong value says so itself."""
    assert explain(instance(kind, "no such thing")).advice


def test_the_tree_in_the_docstring_is_complete() -> None:
    """Every class of the module stands in the tree a reader sees first."""
    assert errors.__doc__ is not None
    assert [kind.__name__ for kind in KINDS if kind.__name__ not in errors.__doc__] == []


def test_a_refusal_says_what_was_asked_and_what_came_back() -> None:
    """Status, the server's words and the request's id stand in the line; what is missing leaves no gap."""
    assert explain(NotFound(ASKED, 404, "no such library", "req_1")).what == (
        "GET /api/events was answered 404: no such library (request req_1)"
    )
    assert explain(RateLimited(ASKED, 429)).what == "GET /api/events was answered 429"


def test_the_libraries_to_choose_from_are_listed_a_line_each() -> None:
    """Names come from the server: each is kept on one line, and cut when it is long."""
    libraries = [Library("lib_1", "Home\n\tand away"), Library("lib_2", "x" * 5000)]
    lines = explain(LibraryNotChosen(libraries)).what.splitlines()
    assert lines[0] == "The account has several libraries; choose one with --library."
    assert lines[1] == "  Home and away  lib_1"
    assert len(lines) == 3
    assert len(lines[2]) < 2 * DETAIL_CLIP


def test_no_error_shows_the_key() -> None:
    """An error about a key does not repeat it, and what a server repeats is hidden before it becomes an error."""
    with pytest.raises(UsageProblem) as caught:
        Key(f"{SECRET} and more")
    assert SECRET not in str(explain(caught.value))
    Key(SECRET)
    said = str(explain(KeyRefused(ASKED, 401, f"bad key {SECRET}")))
    assert said.startswith(f"{ASKED} was answered 401: bad key {HIDDEN}")


@pytest.mark.parametrize(("text", "clipped"), [("a  b\n c", "a b c"), ("abcdef", "abcd…"), ("abc\r\ndef", "abc …")])
def test_clipping_keeps_one_line(text: str, clipped: str) -> None:
    """White space becomes single spaces, and what is cut off shows as an ellipsis."""
    assert clip(text, 5) == clipped
