"""What a payload says however its JSON is written, and texts a person takes for the same."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.search_text import folded, said, spans_of, texts_in

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["\\", '"', "/", "😀", "é\n"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (rb'{"note":"caf\u00e9"}', "café"),
        (rb'{"note":"caf\u00E9 a\/b say \"hi\""}', 'café a/b say "hi"'),
        (rb'{"note":"\ud83d\ude00 \uD83D\uDE00"}', "😀 😀"),
        (rb'{"note":"C:\\new\\u0041"}', "C:\\new\\u0041"),
        (rb'{"note":"one\ntwo\ttab"}', "one\ntwo\ttab"),
        (rb'{"note":"half \ud83d pair"}', "half \ud83d pair"),
        ('{"note":"straight é"}'.encode(), "straight é"),
        (b'{"note":NaN,"text":"odd"}', "odd"),
        (b'{"note":"\xff\xfe"}', "��"),
        (b'{"note":"null"}', "null"),
    ],
)
def test_escapes_are_what_they_stand_for(payload: bytes, words: str) -> None:
    """Surrogate pairs, quotes, slashes and backslashes; what is no JSON is taken as it stands."""
    assert texts_in(payload) == [words]
    assert words in said(payload)


def test_no_payload_says_nothing() -> None:
    """Looking for `null` does not find every event without one."""
    assert said(b"null") == ""
    assert said(b"") == ""


@given(JSON_VALUES, st.booleans())
def test_the_texts_are_those_of_a_json_reader(value: Any, ascii_only: bool) -> None:
    """All values that are texts, at any depth, in their order; names of fields are none."""
    payload = json.dumps({"value": value}, ensure_ascii=ascii_only).encode("utf-8", "replace")
    assert texts_in(payload) == list(_texts(json.loads(payload)))


def _texts(value: Any) -> Any:
    match value:
        case str():
            yield value
        case list():
            for inner in value:
                yield from _texts(inner)
        case dict():
            for inner in value.values():
                yield from _texts(inner)


@pytest.mark.parametrize("payload", [b'{"a":"x","b":', b'{"a":"x","n":NaN}', b'["x",{"k":["x"]}', b'"x" "'])
def test_broken_json_is_read_as_far_as_it_goes(payload: bytes) -> None:
    """One odd value hides no id beside it."""
    assert texts_in(payload)[0] == "x"


def test_a_payload_of_any_depth_and_size_is_read() -> None:
    """Neither deep nesting nor a quote without its end takes long."""
    deep = b"[" * 5000 + b'"asset_1"' + b"]" * 5000
    assert texts_in(deep) == ["asset_1"]
    assert texts_in(b'{"a":"' + b"\\" * 200_001) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Café", "cafe\u0301"),
        ("CAFÉ", "cafe\u0301"),
        ("Straße", "STRASSE"),
        ("한국", unicodedata.normalize("NFD", "한국")),
        ("Ａｌｂｕｍ", "album"),
        ("\u212b", "å"),
        ("Q\u0323\u0307", "q\u0307\u0323"),
        ("IMG_0001", "img_0001"),
        ("São", "sao"),
        ("sa\u0303o", "SÃO"),
        ("İstanbul", "istanbul"),
        ("i\u0307stanbul", "ISTANBUL"),
        ("ıșık", "isik"),
        ("Łódź", "lodz"),
        ("ＩＭＧ＿２０３１", "img_2031"),
        ("ẞ", "ß"),
        ("Ёлка", "елка"),
        ("ﬁg", "fig"),
    ],
)
def test_case_accents_and_ways_to_write_do_not_count(one: str, other: str) -> None:
    """Composed or decomposed, with or without accents, full-width or plain, marks in any order."""
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("が", "か"), ("की", "क"), ("a b", "ab"), ("", "a"), ("\u0301", "")])
def test_other_letters_do(one: str, other: str) -> None:
    """A mark that makes another letter stays, and accents alone are not nothing."""
    assert folded(one) != folded(other)


@given(st.text(st.characters()))
def test_folding_again_changes_nothing(text: str) -> None:
    """Whatever the text, half surrogate pairs included, in every form of Unicode."""
    once = folded(text)
    assert folded(once) == once
    for form in ("NFC", "NFD"):
        assert folded(unicodedata.normalize(form, text)) == once


@pytest.mark.parametrize(
    ("wanted", "text", "found"),
    [
        ("sao", "São Paulo, SAO", ["São", "SAO"]),
        ("sao", "Sa\u0303o Paulo", ["Sa\u0303o"]),
        ("s", "Straße", ["S", "ß"]),
        ("strasse", "Straße", ["Straße"]),
        ("한", unicodedata.normalize("NFD", "한국"), [unicodedata.normalize("NFD", "한")]),
        ("img", "ＩＭＧ_1 img", ["ＩＭＧ", "img"]),
        ("x", "abc", []),
        ("", "abc", []),
    ],
)
def test_what_was_found_is_shown_as_it_is_written(wanted: str, text: str, found: list[str]) -> None:
    """A letter is set off with its accents, and one that folds to two as a whole."""
    assert [text[start:end] for start, end in spans_of(wanted, text)] == found
