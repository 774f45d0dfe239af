"""The report as one HTML file."""

from __future__ import annotations

from datetime import UTC
from html.parser import HTMLParser

import pytest

from gumnut_tui.report.html import html_lines
from gumnut_tui.report.model import Report
from tests.factories import NOW
from tests.report.cases import (
    burst,
    report_on,
)
from tests.report.written import empty, hostile, mixed, written


class Page(HTMLParser):
    """Collects the tags of a page, and the attributes that could fetch or run something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a tag."""
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Tags close in the order they were opened."""
        assert self.open.pop() == tag


@pytest.mark.parametrize("report", [mixed(), hostile(), empty()], ids=["mixed", "hostile", "empty"])
def test_html_is_one_whole_file_without_outside_resources(report: Report) -> None:
    """No script, no link, nothing to fetch: pictures are inside, and a policy forbids the rest."""
    text = written(report)["html"]
    page = Page(text)
    assert page.open == []
    assert not {"script", "link", "img", "iframe", "object", "form", "a"} & set(page.tags)
    assert not {"src", "href", "style", "onclick", "onerror"} & set(page.attributes)
    assert "default-src 'none'" in text
    assert "@import" not in text
    assert text.count("url(") == text.count("url(data:image/png;base64,")
    assert 'name="viewport"' in text
    assert "prefers-color-scheme: dark" in text


def test_html_holds_each_picture_once() -> None:
    """However often a photo is shown; a ThumbHash that is none leaves no trace."""
    events, service = burst()
    text = "".join(html_lines(report_on([*events, *events], service), UTC, NOW))
    assert text.count("url(data:image/png;base64,") == 12
    assert "url(" not in written(hostile())["html"]
