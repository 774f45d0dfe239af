"""What the panes show, worked out from the open library: pure functions, one value a pane."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from gumnut_tui.app.event_list import EventList, ScreenRows
from gumnut_tui.app.open_library import ChosenRange
from gumnut_tui.app.seek import Progress
from gumnut_tui.domain.errors import (
    ApiProblem,
    FeedStuck,
    GumnutError,
    JournalDamaged,
    NetworkProblem,
    TimedOut,
    UnexpectedAnswer,
    explain,
)
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.kinds import KNOWN_ENTITY_TYPES, RETIRED_TYPES, UNFILTERED_TYPES
from gumnut_tui.domain.models import DESTRUCTIVE, Entity, Library, Operation, to_us
from gumnut_tui.feed.poller import EventFeed, PollPhase, PollState
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.facts import Fact, Tone
from gumnut_tui.formatting.field_changes import Difference, changes
from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.formatting.times import age, moment_words, span_words
from gumnut_tui.journal.records import Snapshot
from gumnut_tui.ui.widgets.filter_sidebar import OperationFacet, SidebarState, TypeFacet
from gumnut_tui.ui.widgets.histogram import HistogramData, bucket_of
from gumnut_tui.ui.widgets.status_line import Chip, FeedMode

if TYPE_CHECKING:
    from gumnut_tui.usecases.journals import JournalLink

_MODES = {
    PollPhase.READING: FeedMode.READING,
    PollPhase.CATCHING_UP: FeedMode.CATCHING_UP,
    PollPhase.LIVE: FeedMode.LIVE,
    PollPhase.RETRYING: FeedMode.RETRYING,
    PollPhase.OFFLINE: FeedMode.OFFLINE,
    PollPhase.REFUSED: FeedMode.OFFLINE,
    PollPhase.CLOSED: FeedMode.COMPLETE,
}


def mode_of(state: PollState, *, waiting: bool, frozen: bool, silence: float = 0.0) -> FeedMode:
    """The state of the feed on the screen; `silence` is how many seconds an answer is overdue."""
    if frozen:
        return FeedMode.PAUSED
    return FeedMode.RETRYING if waiting or (silence and state.error is None) else _MODES[state.phase]


def _refusal(error: GumnutError | None) -> str:
    match error:
        case ApiProblem():
            return "key refused"
        case JournalDamaged():
            return "journal damaged"
        case FeedStuck():
            return "the feed is stuck"
        case _:
            return ""


def mode_note(state: PollState, now: datetime, silence: float = 0.0) -> str:
    """Details of the mode: when it last polled, when it retries and why, or how long there was no answer."""
    if silence and state.error is None:
        return f"no answer for {span_words(silence)}"
    match state.phase:
        case PollPhase.REFUSED:
            return _refusal(state.error)
        case PollPhase.RETRYING:
            return retry_note(state.retry_at, reason_of(state), now)
        case PollPhase.OFFLINE:
            seconds = _seconds_until(state.retry_at, now)
            return f"{reason_of(state)} · {f'retries in {seconds} s' if seconds else 'retrying now'}"
        case _ if state.polled_at is not None:
            # The clock may just have been set back by an answer.
            return f"polled {age(max(0.0, (now - state.polled_at).total_seconds()))}"
        case _:
            return ""


def offline_note(link: JournalLink | None, zone: tzinfo, now: datetime) -> str:
    """That only the journal is used, and how old it is."""
    synced_us = link.record.synced_us if link else None
    return "journal only" if synced_us is None else f"journal only, as of {moment_words(synced_us, zone, now)}"


def retry_note(retry_at: datetime | None, reason: str, now: datetime) -> str:
    """`in 4 s (429)`, or that it is just being tried."""
    seconds = _seconds_until(retry_at, now)
    return f"{f'in {seconds} s' if seconds else 'now'} ({visible(reason, 60)})"


def _seconds_until(moment: datetime | None, now: datetime) -> int:
    return 0 if moment is None else max(0, round((moment - now).total_seconds()))


def reason_of(state: PollState) -> str:
    """Why the last request failed, in a word or a few."""
    if isinstance(state.error, ApiProblem):
        return str(state.error.status)
    if isinstance(state.error, NetworkProblem):
        words, joint = ("timed out", "at") if isinstance(state.error, TimedOut) else ("no connection", "to")
        return f"{words} {joint} {visible(state.error.address, 60)}" if state.error.address else words
    if isinstance(state.error, UnexpectedAnswer):
        return "unexpected answer"
    return "" if state.error is None else visible(explain(state.error).what, 60)


KeyOf = Callable[[str], str]
"""The key of an action, as a person writes it."""


def late_words_of(feed: EventFeed, key: KeyOf) -> str:
    """What may still be missing of the part that was read, and how to be sure; empty when nothing is."""
    return "" if feed.is_final else f"a late event may still appear in this range: {key('row.last')} checks"


def reach_words(feed: EventFeed, zone: tzinfo, now: datetime) -> str:
    """How far the feed was read: `scanned back to yesterday 14:00`."""
    if not feed.newest_first:
        last = feed.store.last_row
        if feed.caught_up or feed.closed:
            return "read to the end"
        return "" if last is None else f"read up to {moment_words(feed.store.created_at_us(last), zone, now)}"
    if not feed.is_open:
        return ""
    if feed.read_from_us is None:
        return "read back to the first event" if feed.reaches_start else ""
    return f"scanned back to {moment_words(feed.read_from_us, zone, now)}"


def late_words(times_us: Sequence[int], zone: tzinfo, now: datetime) -> str:
    """Events that came late, and where they are: `1 late event at 12:03`."""
    first, last = min(times_us), max(times_us)
    words = [moment_words(us, zone, now) for us in (first, last)]
    if words[0] != words[1]:
        where = f" from {words[0]} to {words[1]}"
    else:
        where = f" at {words[0].removeprefix('today ')}" if words[0].startswith("today ") else f", {words[0]}"
    return f"{plural(len(times_us), 'late event')}{where}"


def chips_of(event_list: EventList, known_types: Collection[str]) -> Sequence[Chip]:
    """The active filters, each to be dropped by itself; `known_types` are all that the sidebar lists."""
    wanted = event_list.filter
    chips = [Chip(part, label) for part, label in _parts(wanted, known_types, event_list.name_of)]
    if event_list.suspended:
        chips = [Chip(chip.name, f"({chip.label})") for chip in chips]
    return chips if event_list.marked is None else [*chips, Chip("marked", "marked")]


def _parts(
    wanted: EventFilter, known_types: Collection[str], name_of: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    """The parts of a filter that restrict it, by their names, and how a person says them."""
    if wanted.entity_types is not None:
        yield "entity_types", _chosen(wanted.entity_types, sorted({*known_types, *wanted.entity_types}), "types")
    if wanted.operations is not None:
        words = [operation.word for operation in Operation]
        chosen = {operation.word for operation in wanted.operations}
        yield "operations", "destructive" if wanted.operations == DESTRUCTIVE else _chosen(chosen, words, "operations")
    if wanted.event_types is not None:
        yield "event_types", _some(sorted(wanted.event_types), "event types")
    if wanted.not_event_types:
        yield "not_event_types", f"not {_some(sorted(wanted.not_event_types), 'event types')}"
    if wanted.entity_id is not None:
        yield "entity_id", visible(name_of(wanted.entity_id), 24)
    if wanted.not_entity_ids:
        yield "not_entity_ids", f"not {_some(sorted(map(name_of, wanted.not_entity_ids)), 'entities')}"
    if wanted.text:
        yield "text", f"“{visible(wanted.text, 20)}”"


NAMED = 2
"""Values up to which a filter names them."""


def _chosen(chosen: Collection[str], everything: Sequence[str], words: str) -> str:
    """The values that are let through, or, where these are fewer, those that are not."""
    left_out = [value for value in everything if value not in chosen]
    if left_out and len(left_out) <= NAMED < len(chosen):
        return f"not {_some(left_out, words)}"
    return _some([value for value in everything if value in chosen], words)


def _some(values: Sequence[str], words: str) -> str:
    if not values:
        return f"no {words}"
    return ", ".join(visible(value, 24) for value in values) if len(values) <= NAMED else f"{len(values)} {words}"


def sidebar_state(
    event_list: EventList, chosen: ChosenRange, libraries: Sequence[Library], shown: str | None
) -> SidebarState:
    """Library, range, and every type and operation with its count."""
    wanted = event_list.filter
    types, operations = event_list.type_counts(), event_list.operation_counts()
    seldom = {*RETIRED_TYPES, *UNFILTERED_TYPES}
    usual = [entity_type for entity_type in KNOWN_ENTITY_TYPES if entity_type in types or entity_type not in seldom]
    unusual = sorted((types.keys() | (wanted.entity_types or frozenset())) - set(usual))
    return SidebarState(
        libraries=tuple((library.id, library.name or library.id) for library in libraries),
        library=shown,
        preset=chosen.preset,
        custom="" if chosen.preset else chosen.words,
        types=tuple(
            TypeFacet(kind, types[kind], wanted.entity_types is None or kind in wanted.entity_types)
            for kind in (*usual, *unusual)
        ),
        operations=tuple(
            OperationFacet(each, operations[each], wanted.operations is None or each in wanted.operations)
            for each in Operation
            if each is not Operation.OTHER or operations[each] or each in (wanted.operations or ())
        ),
        text=wanted.text,
        suspended=event_list.suspended,
    )


def histogram_data(event_list: EventList, chosen: ChosenRange, buckets: int, zone: tzinfo) -> HistogramData:
    """The rows shown over the chosen range, and the part of it that was read."""
    feed = event_list.feed
    since_us, end_us = axis_of(feed, chosen)
    counts = event_list.rows.view.histogram(since_us, end_us, buckets)
    return HistogramData(
        start_us=since_us,
        end_us=end_us,
        buckets=tuple(bucket_of(each) for each in counts),
        read_from_us=since_us if feed.reaches_start else _read_from(feed, end_us),
        read_to_us=_read_to(feed, end_us, since_us),
        zone=zone,
    )


def axis_of(feed: EventFeed, chosen: ChosenRange) -> tuple[int, int]:
    """The bounds of the axis: they change as rarely as possible, so that only new rows have to be counted."""
    store = feed.store
    last_us = 0 if store.last_row is None else store.created_at_us(store.last_row)
    end_us = max(chosen.chosen_at_us, last_us + 1) if chosen.until_us is None else chosen.until_us
    if chosen.since_us is not None:
        return chosen.since_us, end_us
    earliest_us = end_us if store.first_row is None else store.created_at_us(store.first_row)
    if feed.read_from_us is not None:
        earliest_us = min(earliest_us, feed.read_from_us)
    return (earliest_us if feed.reaches_start else end_us - _with_room(end_us - earliest_us)), end_us


def _with_room(us: int) -> int:
    """The next longer of 2ⁿ and 3·2ⁿ µs."""
    power = 1 << us.bit_length()
    return power * 3 // 4 if us < power * 3 // 4 else power


def _read_from(feed: EventFeed, end_us: int) -> int:
    return end_us if feed.read_from_us is None else feed.read_from_us


def _read_to(feed: EventFeed, end_us: int, since_us: int) -> int:
    if feed.newest_first or feed.caught_up or feed.closed:
        return end_us
    last = feed.store.last_row
    return since_us if last is None else feed.store.created_at_us(last)


def error_words(error: GumnutError) -> str:
    """What went wrong and what to do, line by line; the server's own words in it are escaped."""
    return "\n".join(visible(line) for line in str(explain(error)).splitlines())


def unread_names_words(error: GumnutError) -> str:
    """Why rows have ids where names would be, in the status line."""
    return f"names could not be read: {visible(explain(error).what, 120)}"


def empty_words(event_list: EventList, chosen: ChosenRange, state: PollState, key: KeyOf) -> str:
    """The words in the middle of a table without rows."""
    if state.error is not None and not event_list.loaded:
        return error_words(state.error)
    if not event_list.feed.is_open or (event_list.more_to_read and state.phase is not PollPhase.CLOSED):
        return "Reading…"
    if not event_list.acting.is_open:
        return f"No event matches the filters.\n{key('back')} clears them, {key('filter.suspend')} suspends them"
    if chosen.preset in ("1h", "24h"):
        last = chosen.preset.replace("h", " h")
        return f"Nothing happened in the last {last}.\n{key('range.7d')} shows 7 days, {key('range.all')} everything"
    return f"Nothing happened in this range.\n{key('range.all')} shows everything"


def edge_words(event_list: EventList, zone: tzinfo, now: datetime) -> str:
    """The words after the last row on the side that is read on demand."""
    feed = event_list.feed
    if event_list.more_to_read:
        return "loads more as you scroll · " + reach_words(feed, zone, now) if len(event_list.rows) else ""
    if not len(event_list.rows):
        return ""
    return "start of the range" if feed.newest_first else "end of the feed"


def actions_words(event_list: EventList) -> str:
    """How many actions are shown, and of how many where a filter lets only some through; empty for events."""
    lines, grouping = event_list.lines, event_list.grouping
    if grouping is None or isinstance(lines, ScreenRows):
        return ""
    shown, found = len(lines.shown), len(grouping.actions)
    return plural(found, "action") if shown == found else f"{number(shown)} of {plural(found, 'action')}"


def seek_words(words: str, feed: EventFeed, progress: Progress, zone: tzinfo, now: datetime) -> str:
    """Progress of a seek that has to read on: pages, how far, and how fast once that is known."""
    rate = "" if progress.seconds < 1 else f"{number(round(progress.rows / progress.seconds))} events/s"
    parts = [plural(progress.pages, "page"), reach_words(feed, zone, now), rate]
    return f"{words}: {', '.join(part for part in parts if part)} · esc stops"


MOST_COMPARED = 300
"""Snapshots compared with those before them; the newest count."""
NOT_COMPARED = Fact("", "earlier changes are not compared", Tone.DIM)


class SnapshotDiff(msgspec.Struct, frozen=True):
    """An entity as its snapshots have it."""

    last: Entity | None = None
    """The last copy; None when it was never seen."""
    differences: tuple[Difference, ...] = ()
    """Oldest first."""


def diff_snapshots(snapshots: Sequence[Snapshot]) -> SnapshotDiff:
    """What these snapshots of one entity show, oldest first."""
    last = next((one.entity for one in reversed(snapshots) if one.fields is not None), None)
    differences = tuple(_differences(snapshots[-MOST_COMPARED - 1 :]))
    if differences and len(snapshots) > MOST_COMPARED + 1:
        oldest, *others = differences
        differences = (replace(oldest, lines=(NOT_COMPARED, *oldest.lines)), *others)
    return SnapshotDiff(last, differences)


def _differences(snapshots: Sequence[Snapshot]) -> Iterator[Difference]:
    for before, after in pairwise(snapshots):
        lines = changes(before.fields, after.fields)
        if lines:
            yield Difference(before.seen_at, after.read_at, tuple(lines))


def place(differences: Iterable[Difference], times_us: Iterable[int]) -> tuple[tuple[int, Difference], ...]:
    """Each difference with the number of events before it; `times_us` are the events' times in feed order, in µs.

    It comes before the first event that is later than the read; events may be slightly out of order.
    """
    reached = list(accumulate(times_us, max))
    return tuple((bisect_right(reached, to_us(one.read_at)), one) for one in differences)
