"""Copying, saving and opening what is looked at, on behalf of the main screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gumnut_tui.app.search import sweep
from gumnut_tui.domain import fields as field
from gumnut_tui.domain.errors import GumnutError, explain
from gumnut_tui.domain.models import Event, Presence
from gumnut_tui.formatting.cells import Cells
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.report import restore
from gumnut_tui.usecases import export_events

if TYPE_CHECKING:
    from gumnut_tui.app.library_controller import LibraryController
    from gumnut_tui.app.main_screen import MainScreen
    from gumnut_tui.app.services import Services

RUNGS = ("preview", "preview_image", "small", "small_image", "thumbnail", "thumbnail_image")
"""Pictures to open, the largest that is still quick first."""

NAMED_ROWS = 20_000
"""Rows up to which those out of sight are named before they are saved; in more, they keep their ids."""
PROGRESS_ROWS = 20_000
"""Rows between two words of progress while saving."""


class ExportController:
    """Each verb says in a notice what it did, or why it could not."""

    def __init__(self, screen: MainScreen, services: Services) -> None:
        self._screen = screen
        self._services = services

    def copy_id(self) -> None:
        """Copy the id of what is looked at."""
        subject = self._screen.details.subject if self._screen.details else None
        if subject is not None:
            self.copy(subject.id, f"id {visible(subject.id, 40)}")

    def copy_as(self) -> None:
        """Let one choose a form, and copy that."""
        self._screen.run_worker(self._choose_and_copy(), exclusive=True, group="dialogue")

    async def _choose_and_copy(self) -> None:
        from gumnut_tui.ui.screens.chooser import Chooser, Item

        forms = self._forms()
        items = [Item(label, note, (label, text)) for label, note, text in forms]
        chosen = await self._screen.app.push_screen_wait(Chooser("Copy", items))
        if chosen is not None:
            self.copy(chosen[1], chosen[0])

    def _forms(self) -> Iterator[tuple[str, str, str]]:
        reading, details = self._screen.reading, self._screen.details
        if reading is None or details is None or details.subject is None:
            return
        subject, known = details.subject, details.state.known
        if subject.event is not None:
            yield "event as JSON", "", export_events.event_json(subject.event)
        if known is not None:
            yield "entity as JSON", "", export_events.entity_json(known.fields)
        curl = export_events.entity_curl(reading.client.base_url, subject.kind, subject.id, reading.library_id)
        if curl is not None:
            yield "cURL that reads the entity", "key as $GUMNUT_API_KEY", curl
        since = None if subject.event is None else subject.event.created_at.isoformat()
        feed = export_events.events_curl(reading.client.base_url, reading.library_id, since)
        yield "cURL that reads the feed from here", "key as $GUMNUT_API_KEY", feed
        trashed = self._trashed_photos()
        if trashed:
            photos = plural(len(trashed), "photo")
            where = (reading.client.base_url, reading.library_id, trashed)
            yield f"restore command: cURL for {photos}", "this program never sends it", restore.curl(*where)
            yield f"restore command: Python for {photos}", "this program never sends it", restore.python(*where)

    def _trashed_photos(self) -> list[str]:
        """Photos in the trash among what is marked, else the one looked at."""
        activity = self._screen.activity
        if activity is None:
            return []
        marked = [activity.store.event(row) for row in activity.marked_rows()]
        selected = activity.selected()
        events = marked or ([selected] if selected else [])
        ids = dict.fromkeys(event.entity_id for event in events if event.kind == "asset")
        presence = activity.reading.names.presence
        return [asset_id for asset_id in ids if presence("asset", asset_id) is Presence.TRASHED]

    def copy(self, text: str, what: str) -> None:
        """Into the terminal's clipboard and the desktop's."""
        self._screen.app.copy_to_clipboard(text)
        self._screen.run_worker(asyncio.to_thread(self._services.fill_clipboard, text), group="clipboard")
        self._screen.notify(f"Copied: {what}", markup=False)

    def save(self, name: str, *, replace: bool) -> None:
        """Save the rows shown; raises `UsageProblem` for a name that cannot be, or is taken and not to be replaced."""
        activity = self._screen.activity
        if activity is None or not name:
            return
        path, wanted = export_events.writable_path(name, replace=replace)
        self._screen.run_worker(self._save(activity, path, wanted), group="save")

    async def _save(self, activity: LibraryController, path: Path, wanted: str) -> None:
        name = visible(str(path), 160)
        shown = activity.event_list.rows
        rows = [shown[index] for index in range(len(shown))]
        loop = asyncio.get_running_loop()

        def tell(done: int) -> None:
            words = f"saving {number(done)} of {number(len(rows))} rows"
            loop.call_soon_threadsafe(self._screen.say, words)

        try:
            if len(rows) <= NAMED_ROWS:
                async for _ in sweep(rows, activity.store, activity.reading.names):
                    pass
            texts = self._texts(activity, rows, tell)
            await asyncio.to_thread(export_events.save, path, export_events.lines(wanted, texts))
        except GumnutError as error:
            self._fail(f"{name} was not written: {explain(error).what}")
        except OSError as error:
            self._fail(f"{name} could not be written: {error.strerror}")
        else:
            self._screen.notify(f"Saved {plural(len(rows), 'row')} in {name}", markup=False)
        self._screen.say("")

    def _fail(self, words: str) -> None:
        self._screen.notify(visible(words, 300), severity="error", markup=False)

    @staticmethod
    def _texts(
        activity: LibraryController, rows: list[int], tell: Callable[[int], None]
    ) -> Iterator[tuple[Event, Cells]]:
        for done, row in enumerate(rows):
            if done and done % PROGRESS_ROWS == 0:
                tell(done)
            yield activity.store.event(row), activity.cells_of(row)

    def browse(self) -> None:
        """Open the picture of what is looked at."""
        details = self._screen.details
        known = details.state.known if details else None
        urls = field.group(known.fields, "asset_urls") if known else {}
        found = (field.group(urls, rung).get("url") for rung in RUNGS)
        url = next((url for url in found if isinstance(url, str) and url.startswith(("https://", "http://"))), None)
        if url is None:
            self._screen.notify("There is no picture to open.", severity="warning")
        elif ".invalid/" in url:
            self._screen.notify("The demo's pictures exist only in this program.", severity="warning")
        else:
            self._services.open_url(url)
            self._screen.notify("Opened in the browser.")
