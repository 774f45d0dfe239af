"""Copying, saving and opening what is selected."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from gumnut_tui.app.detail_controller import DetailController
from gumnut_tui.app.event_list import read_names
from gumnut_tui.app.library_controller import LibraryController
from gumnut_tui.app.ports import Ports, Question
from gumnut_tui.app.services import Services
from gumnut_tui.app.text_viewer import show_text
from gumnut_tui.domain.errors import GumnutError, explain
from gumnut_tui.domain.models import Event
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.event_lines import Cells
from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.picture.thumbnails import picture_url
from gumnut_tui.usecases import export

NAMED_ROWS = 20_000
"""Up to so many rows, names are read before saving, also of rows never in view; beyond it those keep their ids."""
PROGRESS_ROWS = 20_000
"""Rows between two updates of the progress while saving."""


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

        forms = [(label, note, (label, text)) for label, note, text in self._forms()]
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
        since = None if subject.event is None else subject.event.created_at.isoformat()
        feed = export.events_curl(base_url, library_id, since)
        yield "cURL to read the feed from here", "key as $GUMNUT_API_KEY", feed

    # Saving

    async def ask_name(self) -> None:
        """Ask for the name of a file to save the rows in."""
        name = f"gumnut-events-{self._services.clock():%Y-%m-%d}.csv"
        await self._ports.ask(Question("save", f"Save rows as (.{' .'.join(export.FORMATS)})", self._take_name, name))

    def _take_name(self, name: str, again: bool) -> None:
        if name:
            path, wanted = export.writable_path(name, replace=again)
            self._ports.run(partial(self._save, path, wanted), "save", exclusive=False)

    async def _save(self, path: Path, wanted: str) -> None:
        name = visible(str(path), 160)
        shown, store = self._library.event_list.rows, self._library.store
        rows = [shown[index] for index in range(len(shown))]
        loop = asyncio.get_running_loop()

        def tell(done: int) -> None:
            words = f"saving {number(done)} of {number(len(rows))} rows"
            loop.call_soon_threadsafe(partial(self._ports.say, words, seconds=None))

        try:
            if len(rows) <= NAMED_ROWS:
                async for _ in read_names(rows, store, self._library.opened.names):
                    pass
            texts = _texts(rows, store.event, self._library.cells, tell)
            lines = export.lines(wanted, texts)
            bom = self._library.opened.context.settings.csv_bom and wanted == "csv"
            await asyncio.to_thread(export.save, path, lines, bom=bom)
        except GumnutError as error:
            self._fail(f"{name} was not written: {explain(error).what}")
        except OSError as error:
            self._fail(f"{name} could not be written: {error.strerror}")
        else:
            self._ports.notify(f"Saved {plural(len(rows), 'row')} in {name}")
        self._ports.say("")

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


def _texts(
    rows: list[int], event_at: Callable[[int], Event], cells: Callable[[Event], Cells], tell: Callable[[int], None]
) -> Iterator[tuple[Event, Cells]]:
    for done, row in enumerate(rows):
        if done and done % PROGRESS_ROWS == 0:
            tell(done)
        event = event_at(row)
        yield event, cells(event)
