"""`gumnut-tui entity ID --at WHEN`: what an entity was at a time, from the journal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from gumnut_tui.cli.exit_codes import Exit
from gumnut_tui.cli.options import JournalOptions
from gumnut_tui.cli.printing import print_facts, print_object
from gumnut_tui.cli.session import Session, moment
from gumnut_tui.domain.models import Event, from_us, to_us
from gumnut_tui.formatting.interchange import utc_time, without_signatures
from gumnut_tui.usecases.journals import find_library

if TYPE_CHECKING:
    from gumnut_tui.report.as_of import AsOf, Members


async def print_as_of(session: Session[Any], journal_options: JournalOptions, kind: str, at: str) -> int:
    """Print what is known of the entity at that time; 1 when that is nothing. Raises UsageProblem for the time."""
    from gumnut_tui.report.as_of import Certainty, as_of, as_of_lines
    from gumnut_tui.usecases.history import gather_history, names_in

    entity_id = session.options.entity_id
    now = session.runtime.clock()
    us = moment(session, "--at", at)
    async with session.open_journal(journal_options, write=False) as journal:
        library = await find_library(journal, session.settings.library, account=journal_options.account)
        state = as_of(await gather_history(journal, library, [(kind, entity_id)]), kind, entity_id, us)
        if session.options.form == "json":
            _print_json(session, state)
        else:
            name = await names_in(journal, library, state.mentioned)
            print_facts(session.runtime.output, as_of_lines(state, zone=session.zone, now=now, name=name))
    known = state.certainty is not Certainty.UNKNOWN or state.changed_by or state.later
    return Exit.DONE if known else Exit.FAILED


def _print_json(session: Session[Any], state: AsOf) -> None:
    content = {
        "kind": state.kind,
        "id": state.id,
        "at": utc_time(from_us(state.us)),
        "certainty": state.certainty.value,
        "seen_at": None if state.seen_us is None else utc_time(from_us(state.seen_us)),
        "is_before_journal": state.is_before_journal,
        "journal_begins": utc_time(from_us(state.begins_us)),
        "presence": None if state.presence is None else state.presence.value,
        "entity": None if state.fields is None else without_signatures(dict(state.fields)),
        "members": None if state.members is None else _members(state, state.members),
        "changed_by": list(map(_event, state.changed_by)),
        "events_since": list(map(_event, state.later)),
    }
    print_object(session.runtime.output, content)


def _members(state: AsOf, members: Members) -> dict[str, object]:
    return {
        "kind": members.kind,
        "ids": members.ids,
        "are_known": members.are_known and not state.is_before_journal,
        "uncertain": members.uncertain,
        "unplaced": members.unplaced,
        "own_count": members.count,
    }


def _event(event: Event) -> dict[str, object]:
    return {
        "cursor": event.cursor,
        "entity_type": event.entity_type,
        "entity_id": event.entity_id,
        "event_type": event.event_type,
        "created_at": utc_time(_in_utc(event.created_at)),
        "payload": event.payload,
    }


def _in_utc(moment: datetime) -> datetime:
    return from_us(to_us(moment))
