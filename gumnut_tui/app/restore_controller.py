"""The command that takes photos out of the trash again: for a photo, for marked rows, or for all rows shown."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence

from gumnut_tui.app.event_list import read_names
from gumnut_tui.app.library_controller import LibraryController
from gumnut_tui.app.ports import Ports
from gumnut_tui.app.text_viewer import show_text
from gumnut_tui.domain.errors import GumnutError
from gumnut_tui.domain.models import Event, Operation, Presence
from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.report import restore

MOST_ROWS = 20_000
"""Rows shown, up to which it is asked which of their photos are still in the trash."""
WORDS = (
    "Takes {photos} out of the trash; faces and places in albums come back too. This program only reads and never "
    "sends it: run it yourself, with a key in GUMNUT_API_KEY that may write."
)


class RestoreController:
    """Shows the command, to be copied or saved."""

    def __init__(self, library: LibraryController, ports: Ports) -> None:
        self._library = library
        self._ports = ports

    def ask(self) -> None:
        """Ask which photos are meant, if that is not clear, and show the command."""
        self._ports.run(self._ask, "dialogue")

    async def _ask(self) -> None:
        choices = [(label, "", ids) async for label, ids in self._candidates() if ids]
        if not choices:
            self._ports.say("no photo of these rows is known to be in the trash")
            return
        chosen = choices[0][2]
        if len(choices) > 1:
            answer = await self._ports.choose("Restore command", choices)
            if answer is None:
                return
            chosen = answer
        await self.show(chosen)

    async def _candidates(self) -> AsyncIterator[tuple[str, Sequence[str]]]:
        library = self._library
        marked, event_list = library.selection.marked_events(), library.event_list
        selected, action = library.selection.event(), library.selection.action()
        if marked:
            ids = self._in_trash(marked)
            yield f"{plural(len(ids), 'photo')} marked", ids
        elif action is not None:
            ids = self._in_trash(await self._trashed(event_list.rows_of(action)[:MOST_ROWS]))
            yield f"{plural(len(ids), 'photo')} of this action", ids
        elif selected is not None:
            yield "this photo", self._in_trash([selected])
        shown = event_list.rows
        ids = self._in_trash(await self._trashed([shown[index] for index in range(min(len(shown), MOST_ROWS))]))
        has_all = len(shown) <= MOST_ROWS
        rows = "all rows shown" if has_all else f"the first {number(MOST_ROWS)} rows shown"
        yield f"{plural(len(ids), 'photo')} of {rows}", ids

    async def _trashed(self, rows: Sequence[int]) -> Sequence[Event]:
        """Those of these rows that moved a photo to the trash, once it is known what became of these photos."""
        store = self._library.store
        rows = [row for row in rows if _trashes(store.event(row))]
        try:
            async for _ in read_names(rows, store, self._library.opened.names):
                pass
        except GumnutError:
            # What is not known to be in the trash is left out.
            self._ports.say("the service could not be asked which photos are still in the trash")
        return [store.event(row) for row in rows]

    def _in_trash(self, events: Iterable[Event]) -> Sequence[str]:
        ids = dict.fromkeys(event.entity_id for event in events if event.kind == "asset")
        presence = self._library.opened.names.presence
        return [asset_id for asset_id in ids if presence("asset", asset_id) is Presence.TRASHED]

    async def show(self, asset_ids: Sequence[str]) -> bool:
        """Copy and show the command for some photos; returns whether a name for its file is being asked for."""
        from gumnut_tui.ui.screens.text_screen import Form

        context = self._library.opened.context
        where = (context.client.base_url, context.library_id, asset_ids)
        forms = (Form("cURL", f"{restore.curl(*where)}\n", "sh"), Form("Python", f"{restore.python(*where)}\n", "py"))
        photos = plural(len(asset_ids), "photo")
        stem = f"gumnut-restore-{context.services.clock():%Y-%m-%d}"
        title = f"Restore command for {photos}"
        self._ports.copy(forms[0].text, title)
        return await show_text(self._ports, title, WORDS.format(photos=photos), forms, stem)


def _trashes(event: Event) -> bool:
    return event.kind == "asset" and event.operation is Operation.TRASHED
