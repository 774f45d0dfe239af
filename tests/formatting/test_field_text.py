"""The texts of an entity as a person may see them."""

from __future__ import annotations

import pytest

from gumnut_tui.formatting.field_text import field_text


@pytest.mark.parametrize("value", [None, True, 3, ["text"], {"a": "text"}, "", "  "])
def test_what_is_no_text_is_shown_as_nothing(value: object) -> None:
    """Missing, null, blank or of another type: there is nothing to show."""
    assert field_text({"name": value}, "name") == field_text({}, "name") == ""


def test_a_text_is_escaped_and_stripped() -> None:
    """It comes from outside, so it may hold what moves the cursor."""
    assert field_text({"name": " a\x1b "}, "name") == "a␛"
