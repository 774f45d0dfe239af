"""What a report saved on the screen is about, and as of when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gumnut_tui.app.open_library import OpenLibrary
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.times import date_time, zone_name

if TYPE_CHECKING:
    from gumnut_tui.report.model import Heading


def heading_of(opened: OpenLibrary) -> Heading:
    """The heading of a report on the events read of the chosen range."""
    from gumnut_tui.report.model import Heading

    context = opened.context
    since_us, zone = opened.range.since_us, context.zone.now()
    unread = ""
    if opened.event_list.more_to_read:
        reads_back = opened.feed.newest_first
        since_us = opened.feed.read_from_us if reads_back else since_us
        unread = f"; {'older' if reads_back else 'newer'} ones are not read yet"
    since = "the beginning" if since_us is None else date_time(since_us, zone)
    as_of = context.services.clock()
    if context.is_offline and context.link is not None:
        as_of = context.link.record.as_of
    return Heading(
        context.library_id,
        context.library.name if context.library else "",
        f"Events from {since} ({visible(zone_name(zone, as_of))}){unread}",
        as_of,
        context.is_offline,
        context.settings.retention_period,
        context.client.base_url,
    )
