"""Shows a text in a box of its own, from which it can be copied or saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from gumnut_tui.app.ports import Ports, Question
from gumnut_tui.formatting.escape import visible
from gumnut_tui.usecases import export

if TYPE_CHECKING:
    from gumnut_tui.ui.screens.text_screen import Form


async def show_text(
    ports: Ports, title: str, words: str, forms: Sequence[Form], stem: str, *, offered: str | None = None
) -> bool:
    """Show the text in its forms until it is closed; returns whether a name for its file is being asked for.

    `stem` is how that name begins at first, and `offered` how it ends, else like the form that is shown. The ending
    chooses the form that is saved.
    """
    from gumnut_tui.ui.screens.text_screen import TextScreen

    saved = await ports.show(TextScreen(title, words, forms, ports.copy))
    if saved is not None:
        endings = tuple(dict.fromkeys(form.ending for form in forms))
        label = f"Save as (.{' .'.join(endings)})"
        texts = {form.ending: form.text for form in (*forms, saved)}
        take = partial(_save, ports, texts, endings)
        await ports.ask(Question("text", label, take, f"{stem}.{offered or saved.ending}"))
    return saved is not None


def _save(ports: Ports, texts: Mapping[str, str], endings: Sequence[str], name: str, again: bool) -> None:
    if name:
        path, ending = export.writable_path(name, endings, replace=again)
        export.save_output(path, [texts[ending].encode("utf-8", "backslashreplace")], waits=False)
        ports.notify(f"Saved in {visible(str(path), 200)}")
