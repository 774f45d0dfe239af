"""`gumnut-tui watch`: follow the feed and fail when too much of something happens; for cron, CI and a terminal."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import click
from msgspec.structs import replace

from gumnut_tui.cli.exit_codes import Exit
from gumnut_tui.cli.options import (
    FILTERS,
    OUTPUT,
    ReadingOptions,
    filter_options,
    option,
    reading_options,
)
from gumnut_tui.cli.reading import Needs, check_journal, open_reading
from gumnut_tui.cli.session import (
    Session,
    check_wanted,
    filter_within,
    learn_time,
    new_outage,
    session_command,
    time_range,
)
from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.models import DESTRUCTIVE, Operation, from_us
from gumnut_tui.domain.rules import Breach, Rule, Watches, parse_rule
from gumnut_tui.domain.when import TimeRange
from gumnut_tui.formatting.interchange import utc_time
from gumnut_tui.formatting.quantities import plural
from gumnut_tui.formatting.times import date_time, span_words

EXAMPLES = (
    "gumnut-tui watch --fail-on 'deleted>50/10m' --fail-on 'destructive>200/1h'",
    "gumnut-tui watch --once --since 1h --fail-on 'trashed,deleted>20/5m' || mail -s 'photos deleted' me",
    "gumnut-tui watch --types asset --fail-on 'deleted>=1/1d'",
)

LOOKED_AT_AGAIN = 4
"""Rules are held against what came whenever it makes this part of all there is, and at each pause.

Their check may take time in step with all there is, so that every page of a long feed cannot have one.
"""


@dataclass(frozen=True, kw_only=True)
class WatchOptions(ReadingOptions):
    """Options of `watch`."""

    rules: tuple[str, ...] = ()
    once: bool = False
    form: Literal["text", "json"] = "text"


@session_command("watch", WatchOptions, EXAMPLES)
@filter_options
@option(
    "--fail-on",
    "rules",
    metavar="RULE",
    multiple=True,
    group=FILTERS,
    help="OPERATION[,…]>N/DURATION, like deleted>50/10m; `destructive` means all destructive operations. "
    "Can be repeated.",
)
@option("--once", is_flag=True, group=OUTPUT, help="Check the range once and exit, instead of following the feed.")
@option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    group=OUTPUT,
    help="How to print the rule that was met: text (default) or json.",
)
@reading_options
def command(session: Session[WatchOptions]) -> int:
    """Follow the feed, and exit with code 5 as soon as a rule is met, printing the rule and what met it.

    Only events that pass the filters count. Without --since, watching starts as far back as the longest rule
    reaches; --once checks the default range.
    """
    options = session.options
    rules = [parse_rule(text) for text in options.rules]
    if not rules:
        raise UsageProblem("watch needs a rule: --fail-on 'deleted>50/10m'.")
    check_journal(options.journal)
    for flag, is_given in (("--until", options.range.until is not None), ("--offline", options.journal.offline)):
        if is_given and not options.once:
            raise UsageProblem(f"{flag} needs --once: without it, watch never ends by itself.")
    return asyncio.run(_watch(session, rules))


async def _watch(session: Session[WatchOptions], rules: list[Rule]) -> int:
    check_wanted(session)
    watches, judged, due = Watches(rules), 0, 1
    options, runtime, is_once = session.options, session.runtime, session.options.once
    outage = None if is_once else new_outage(session)
    needs = Needs(search=bool(options.filter.search), outage=outage)
    async with open_reading(session, options.journal, needs) as reading:
        await learn_time(session, reading.opened.service, outage)
        opened = reading.opened
        wanted = await filter_within(session, opened.service, options.filter, _range(session, rules), opened.library_id)
        exact = options.range.exact
        events = reading.follow(wanted, outage, exact=exact) if outage else reading.events(wanted, exact=exact)
        async with aclosing(events) as batches:
            async for batch in batches:
                judged += len(batch)
                watches.take(batch.events)
                if not is_once and (not batch or judged >= due):
                    if watches.breaches:
                        break
                    due = judged + judged // LOOKED_AT_AGAIN
                runtime.output.check_reader()
                runtime.talk.progress(f"watching: {plural(judged, 'event')} checked")
    runtime.talk.clear()
    for breach in watches.breaches:
        runtime.output.line(_told(breach, session))
    if watches.breaches:
        return Exit.RULE_MET
    runtime.talk.note(f"No rule was met; {plural(judged, 'event')} checked.")
    return Exit.DONE


def _range(session: Session[WatchOptions], rules: list[Rule]) -> TimeRange:
    """The range asked for; by default from as far back as the longest rule reaches."""
    options = session.options
    span = time_range(session, options.range)
    if options.once or options.overrides.since is not None:
        return span
    return replace(span, since=session.now - timedelta(microseconds=max(rule.span_us for rule in rules)))


def _told(breach: Breach, session: Session[WatchOptions]) -> str:
    if session.options.form == "json":
        first, last = (utc_time(from_us(us)) for us in (breach.first_us, breach.last_us))
        return json.dumps({"rule": breach.rule.text, "count": breach.count, "first": first, "last": last})
    if breach.rule.operations == DESTRUCTIVE:
        words = plural(breach.count, "destructive event")
    else:
        did = " or ".join(one.word for one in Operation if one in breach.rule.operations)
        words = f"{plural(breach.count, 'event')} {did}"
    first, last = date_time(breach.first_us, session.zone), date_time(breach.last_us, session.zone)
    took = span_words((breach.last_us - breach.first_us) / 1_000_000)
    return f"{breach.rule.text}: {words} in {took}, {first} to {last}"
