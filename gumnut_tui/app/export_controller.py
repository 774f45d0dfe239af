"""Copying, saving and opening what is selected."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gumnut_tui.app.action_rows import Grouping
from gumnut_tui.app.detail_controller import DetailController
from gumnut_tui.app.event_list import read_names
from gumnut_tui.app.headings import heading_of
from gumnut_tui.app.library_controller import LibraryController
from gumnut_tui.app.open_library import OpenLibrary
from gumnut_tui.app.ports import Ports, Question
from gumnut_tui.app.services import Services
from gumnut_tui.app.subject import ACTION
from gumnut_tui.app.text_viewer import show_text
from gumnut_tui.domain.errors import GumnutError, explain
from gumnut_tui.domain.models import Event, from_us
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.event_lines import Cells
from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.picture.thumbnails import picture_url
from gumnut_tui.usecases import export

if TYPE_CHECKING:
    from gumnut_tui.domain.actions import Action
    from gumnut_tui.usecases.action_entries import ActionEntries

NAMED_ROWS = 20_000
"""Up to so many rows, names are read before saving, also of rows never in view; beyond it those keep their ids."""
PROGRESS_ROWS = 20_000
"""Rows between two updates of the progress while saving."""
PROGRESS_ACTIONS = 100
"""Actions between them."""

Prepared = tuple[str, Iterator[str]]
"""How many there are of what, in words, and the file's lines."""
Prepare = Callable[[str], Awaitable[Prepared]]
"""Gets what is shown ready to be written in a format."""


class ExportController:
    """Each action says in a notice what it did, or why it could not."""

    def __init__(self, library: LibraryController, details: DetailController, ports: Ports, services: Services) -> None:
        self._library = library
        self._details = details
        self._ports = ports
        self._services = services

    # Copying

    def copy_id(self) -> None:
        """Copy the id of what is selected."""
        subject = self._details.subject
        if subject is not None:
            self._ports.copy(subject.id, f"id {visible(subject.id, 40)}")

    def copy_as(self) -> None:
        """Offer the formats, and copy in the one chosen."""
        self._ports.run(self._choose_and_copy, "dialogue")

    async def _choose_and_copy(self) -> None:
        from gumnut_tui.ui.screens.text_screen import Form

        forms = [(label, note, (label, text)) for label, note, text in (*await self._action_forms(), *self._forms())]
        chosen = await self._ports.choose("Copy", forms)
        if chosen is not None:
            label, text = chosen
            self._ports.copy(text, label)
            # Copying may fail unnoticed, so the text is there to be taken otherwise.
            form = Form(label, f"{text}\n", "json" if label.endswith("JSON") else "sh")
            await show_text(self._ports, label, "", [form], f"gumnut-{label.split()[0].lower()}")

    def _forms(self) -> Iterator[tuple[str, str, str]]:
        subject, known = self._details.subject, self._details.state.known
        if subject is None:
            return
        context = self._library.opened.context
        base_url, library_id = context.client.base_url, context.library_id
        if subject.event is not None:
            yield "event as JSON", "", export.event_json(subject.event)
        if known is not None:
            yield "entity as JSON", "", export.entity_json(known.fields)
        curl = export.entity_curl(base_url, subject.kind, subject.id, library_id)
        if curl is not None:
            yield "cURL to read the entity", "key as $GUMNUT_API_KEY", curl
        action, since = self._action(), None if subject.event is None else subject.event.created_at
        if action is not None:
            since = from_us(action.first_us)
        feed = export.events_curl(base_url, library_id, None if since is None else since.isoformat())
        yield "cURL to read the feed from here", "key as $GUMNUT_API_KEY", feed

    async def _action_forms(self) -> list[tuple[str, str, str]]:
        """The selected action as `gumnut-tui actions` tells it."""
        action, grouping, opened = self._action(), self._library.event_list.grouping, self._library.opened
        if action is None or grouping is None:
            return []
        from gumnut_tui.report.digest import json_record

        described = entries_of(grouping, opened).described([(action, action.events)])
        try:
            texts = [json_record(entry, opened.context.library_id) async for entry in described]
        except GumnutError as error:
            self._fail(explain(error).what)
            return []
        return [("action as JSON", "", text) for text in texts]

    def _action(self) -> Action | None:
        """The action that is selected, if one is."""
        subject = self._details.subject
        row = None if subject is None or subject.kind != ACTION else subject.row
        return None if row is None else self._library.event_list.action_of(row)

    # Saving

    async def ask_name(self) -> None:
        """Ask for the name of a file to save the rows in: events, or actions while they are shown."""
        if self._library.event_list.grouping is None:
            await self._ask("rows", "events", export.FORMATS, self._events_as)
        else:
            from gumnut_tui.report import digest

            await self._ask("actions", "actions", digest.FORMATS, self._actions_as)

    async def _ask(self, what: str, file: str, formats: Sequence[str], prepare: Prepare) -> None:
        name = f"gumnut-{file}-{self._services.clock():%Y-%m-%d}.csv"
        take = partial(self._take_name, formats, prepare)
        await self._ports.ask(Question("save", f"Save {what} as (.{' .'.join(formats)})", take, name))

    def _take_name(self, formats: Sequence[str], prepare: Prepare, name: str, again: bool) -> None:
        if name:
            path, form = export.writable_path(name, formats, replace=again)
            self._ports.run(partial(self._save, path, partial(prepare, form), form), "save", exclusive=False)

    async def _save(self, path: Path, prepare: Callable[[], Awaitable[Prepared]], form: str) -> None:
        name = visible(str(path), 160)
        bom = self._library.opened.context.settings.csv_bom and form == "csv"
        try:
            what, lines = await prepare()
            await asyncio.to_thread(export.save, path, lines, bom=bom)
        except GumnutError as error:
            self._fail(f"{name} was not written: {explain(error).what}")
        except OSError as error:
            self._fail(f"{name} could not be written: {error.strerror}")
        else:
            self._ports.notify(f"Saved {what} in {name}")
        self._ports.say("")

    async def _events_as(self, form: str) -> Prepared:
        shown, store = self._library.event_list.rows, self._library.store
        rows = [shown[index] for index in range(len(shown))]
        loop = asyncio.get_running_loop()

        def tell(done: int) -> None:
            words = f"saving {number(done)} of {number(len(rows))} rows"
            loop.call_soon_threadsafe(partial(self._ports.say, words, seconds=None))

        if len(rows) <= NAMED_ROWS:
            async for _ in read_names(rows, store, self._library.opened.names):
                pass
        texts = _texts(rows, store.event, self._library.rows.event_cells, tell)
        return plural(len(rows), "row"), export.lines(form, texts)

    async def _actions_as(self, form: str) -> Prepared:
        """As `gumnut-tui actions` writes them, in the order of the screen."""
        from gumnut_tui.report.digest import Entry, file_lines

        opened, entries = self._library.opened, list[Entry]()
        event_list, heading, zone = opened.event_list, heading_of(opened), opened.context.zone.now()
        grouping = event_list.grouping
        if grouping is None:
            return plural(0, "action"), iter(())
        shown = list((await grouping.matching(event_list.rows.view)).items())
        if event_list.newest_first:
            shown.reverse()
        async with aclosing(entries_of(grouping, opened).described(shown, pictures=form == "html")) as described:
            async for entry in described:
                entries.append(entry)
                if len(entries) % PROGRESS_ACTIONS == 0:
                    self._ports.say(f"saving {number(len(entries))} of {plural(len(shown), 'action')}", seconds=None)
        return plural(len(entries), "action"), file_lines(form, heading, entries, zone)

    def _fail(self, words: str) -> None:
        self._ports.notify(visible(words, 300), severity="error")

    # Opening

    def browse(self) -> None:
        """Open the picture of what is selected."""
        known = self._details.state.known
        url = picture_url(known) if known else None
        if url is None or not url.startswith(("https://", "http://")):
            self._ports.notify("There is no picture to open.", severity="warning")
        elif ".invalid/" in url:
            self._ports.notify("The demo's pictures exist only in this program.", severity="warning")
        else:
            self._services.open_url(url)
            self._ports.notify("Opened in the browser.")


def entries_of(grouping: Grouping, opened: OpenLibrary) -> ActionEntries:
    """Describes the actions of the library that is open, whether or not they were in sight."""
    from gumnut_tui.usecases.action_entries import ActionEntries

    names = opened.names
    return ActionEntries(grouping.actions, names, names.resolve_references, opened.context.action_sources)


def _texts(
    rows: list[int], event_at: Callable[[int], Event], cells: Callable[[Event], Cells], tell: Callable[[int], None]
) -> Iterator[tuple[Event, Cells]]:
    for done, row in enumerate(rows):
        if done and done % PROGRESS_ROWS == 0:
            tell(done)
        event = event_at(row)
        yield event, cells(event)
