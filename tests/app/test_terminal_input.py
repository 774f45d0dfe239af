"""What bytes of a terminal mean: keys, clicks and pastes, and never a fault."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.app.terminal_input import BURST_BYTES, PASTE_BYTES_MAX, Pasted, TerminalInput

TYPING = st.lists(
    st.one_of(
        st.binary(max_size=6),
        st.text(max_size=4).map(lambda text: text.encode("utf-8", "replace")),
        st.sampled_from(
            [
                b"\x1b[200~",
                b"\x1b[201~",
                b"\x1b[M !!",
                b"\x1b[32;5;5M",
                b"\x1b]11;",
                b"\x1bP1$r",
                b"\x1b\\",
                b"\x1b[?62;",
                b"c",
                b"\x07",
                b"\x1b",
                b"\x1b[",
                b"\xe9a",
            ]
        ),
    ),
    max_size=12,
)


def taken(*reads: bytes) -> list[str | Pasted]:
    """What was read in pieces means, once there is silence."""
    source = TerminalInput()
    found = [piece for data in reads for piece in source.read(data)]
    while source.patience is not None:
        found += source.quiet()
    return [piece for piece in found if piece]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (b"q", "q"),
        ("é漢👍".encode(), "é漢👍"),
        (b"\xe9a", "a"),
        (b"\xea", ""),
        (b"\xf0\x9fj", "j"),
        (b"\x1b[M \x85*", "\x1b[<0;101;10M"),
        (b"\x1b[M#\x85*", "\x1b[<0;101;10m"),
        (b"\x1b[M`!!", "\x1b[<64;1;1M"),
        (b"\x1b[MC!!", "\x1b[<35;1;1M"),
        (b"\x1b[M \x00!", ""),
        (b"\x1b[M ", "\x1b[M "),
        (b"\x1b[34;120;7M", "\x1b[<2;120;7M"),
        (b"\x1b[<0;120;7M", "\x1b[<0;120;7M"),
        (b"\x9bA", "\x1b[A"),
        (b"\x1b", "\x1b"),
        (b"\x1b[2~", "\x1b[2~"),
    ],
)
def test_what_a_key_or_a_click_means(typed: bytes, meant: str) -> None:
    """Bytes that mean nothing are left out, older forms of mouse reports are those of today."""
    assert "".join(map(str, taken(typed))) == meant


@pytest.mark.parametrize(
    "reply",
    [
        b"\x1b[?62;22c",
        b"\x1b[>0;276;0c",
        b"\x1b[?0u",
        b"\x1b[?1;1R",
        b"\x1b[0n",
        b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
        b"\x1b]52;c;cXF\x07",
        b"\x1bP1$r0m\x1b\\",
        b"\x1bP>|xterm(379)\x1b\\",
        b"\x1b_Gi=31;OK\x1b\\",
    ],
)
def test_answers_to_a_program_before_us_are_no_keys(reply: bytes) -> None:
    """They may come late over a slow line; typed, they would change filters and open what nobody asked for."""
    assert taken(b"j" + reply + b"k") == ["jk"]
    for cut in range(1, len(reply)):
        assert "".join(map(str, taken(reply[:cut], reply[cut:]))) == ""


@pytest.mark.parametrize(
    "typed", [b"\x1b]", b"\x1bP", b"\x1b_", b"\x1b]a", b"\x1bPq", b"\x1b[5;2~", b"\x1b[97;5u", b"\x1b[c", b"\x1b[?"]
)
def test_alt_with_a_key_is_typed(typed: bytes) -> None:
    """It begins as an answer does, and nothing follows."""
    assert taken(typed) == [typed.decode()]


def test_a_release_is_of_the_button_that_was_pressed() -> None:
    """The old form does not say which it was."""
    source = TerminalInput()
    assert source.read(b'\x1b[M"!!') == ["\x1b[<2;1;1M"]
    assert source.read(b"\x1b[M#!!") == ["\x1b[<2;1;1m"]


@given(TYPING, st.data())
def test_it_does_not_matter_where_reading_breaks(pieces: list[bytes], data: st.DataObject) -> None:
    """The same bytes mean the same in whatever portions they come."""
    whole = b"".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    parts = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert joined(taken(*parts)) == joined(taken(whole))


def joined(found: list[str | Pasted]) -> list[str | Pasted]:
    """Typed text in one piece between pastes."""
    together: list[str | Pasted] = []
    for piece in found:
        if isinstance(piece, str) and together and isinstance(together[-1], str):
            together[-1] += piece
        else:
            together.append(piece)
    return together


@given(st.binary(max_size=BURST_BYTES * 3))
def test_nothing_a_terminal_obeys_comes_out_of_a_paste(content: bytes) -> None:
    """A paste is one text, whatever is in it, without controls but tab and line feed."""
    content = content.replace(b"\x1b[201~", b"")
    (pasted,) = taken(b"\x1b[200~" + content + b"\x1b[201~") or [Pasted("")]
    assert isinstance(pasted, Pasted)
    assert not [char for char in pasted.text if char < " " and char not in "\t\n"]


def test_keys_behind_a_paste_are_keys() -> None:
    """The end of a paste is seen wherever reading breaks."""
    assert taken(b"a\x1b[20", b"0~text\r\nmore\x1b[2", b"01", b"~b") == ["a", Pasted("text\nmore"), "b"]


def test_a_long_paste_is_cut() -> None:
    """No field has use for a megabyte, and it is not kept."""
    (pasted,) = taken(b"\x1b[200~" + b"x" * 1_000_000 + b"\x1b[201~")
    assert isinstance(pasted, Pasted)
    assert len(pasted.text) == PASTE_BYTES_MAX


def test_what_comes_at_once_and_is_long_was_pasted() -> None:
    """Terminals without marked pastes do not turn words into commands; reports of the mouse are none."""
    assert taken(b"q" * (BURST_BYTES + 1)) == [Pasted("q" * (BURST_BYTES + 1))]
    assert taken(b"\x1b[<35;10;10M" * BURST_BYTES) == ["\x1b[<35;10;10M" * BURST_BYTES]
