"""The pictures of the README show the program as it is."""

from __future__ import annotations

import re
from difflib import unified_diff
from html import unescape

import pytest

from screenshots import make, report


@pytest.mark.parametrize("name", make.PICTURES)
def test_picture_is_what_the_script_makes(name: str) -> None:
    """Each committed picture equals what the script draws now."""
    drawn, kept = make.make(name), (make.FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    if drawn != kept:
        changes = "\n".join(unified_diff(words_of(kept), words_of(drawn), "committed", "drawn now", lineterm="", n=0))
        pytest.fail(f"{name}.svg is not current; `python -m screenshots.make` draws it anew.\n{changes}", pytrace=False)


def test_picture_of_the_report_shows_the_report() -> None:
    """The committed picture was taken of the page the command prints now; no browser is needed to tell."""
    assert report.page_of(make.REPORT) == report.fingerprint(make.make_report())
    assert make.REPORT.stat().st_size < 200_000


def words_of(svg: str) -> list[str]:
    """The texts in a picture."""
    return [unescape(text) for text in re.findall(r">([^<>]+)</text>", svg)]


def test_no_picture_is_left_over() -> None:
    """Every picture in the folder is one the script makes."""
    assert {path.stem for path in make.FOLDER.glob("*.svg")} == set(make.PICTURES)
    assert list(make.FOLDER.glob("*.png")) == [make.REPORT]


@pytest.mark.parametrize("name", make.PICTURES)
def test_picture_asks_no_other_host(name: str) -> None:
    """A picture brings everything it needs: no font and no image is loaded from elsewhere."""
    svg = (make.FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    assert "url(http" not in svg
    assert "@font-face" not in svg
    assert "href=" not in svg
