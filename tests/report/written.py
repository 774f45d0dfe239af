"""Reports for the tests of the writers, and what each writer makes of them."""

from __future__ import annotations

from datetime import UTC

from gumnut_tui.report.formats import csv_lines, json_lines
from gumnut_tui.report.html import html_lines
from gumnut_tui.report.markdown import markdown_lines
from gumnut_tui.report.model import Report
from gumnut_tui.report.terminal import ListStyle, listing_lines
from tests.factories import NOW
from tests.report.cases import (
    Service,
    burst,
    entity,
    happened,
    photo,
    report_on,
    taken_out,
    trashed,
)

HOSTILE = "<script>alert(1)</script>\x1b[31m\u202egpj.exe|*[x](http://evil)\r\n=cmd"
STYLE = ListStyle(UTC, NOW, 100)


def mixed() -> Report:
    """A burst of photos trashed, and one taken out of an album."""
    events, service = burst()
    events.append(taken_out("asset_90", number=90))
    service.there = [*service.there, photo("asset_90", "IMG_90.HEIC"), entity("album", "album_1", name="Italy")]
    return report_on(events, service)


def hostile() -> Report:
    """Names, album names and ids as no friendly server would send them."""
    there = [trashed(name=HOSTILE, thumbhash=HOSTILE), entity("album", "album_1", name=HOSTILE)]
    events = [happened("asset_trashed"), taken_out(number=2), happened("asset_deleted", HOSTILE, 3, cursor=HOSTILE)]
    return report_on(events, Service(there), library=HOSTILE)


def empty() -> Report:
    """Nothing happened."""
    return report_on([], Service())


def written(report: Report) -> dict[str, str]:
    """The report in every format."""
    return {
        "table": "".join(f"{line}\n" for line in listing_lines(report, STYLE)),
        "md": "".join(markdown_lines(report, UTC, NOW)),
        "html": "".join(html_lines(report, UTC, NOW)),
        "csv": "".join(csv_lines(report)),
        "jsonl": "".join(json_lines(report)),
    }
