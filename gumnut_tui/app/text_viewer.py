"""Shows a text in a box of its own, from which it can be copied or saved."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from gumnut_tui.app.ports import Ports, Question
from gumnut_tui.formatting.escape import visible
from gumnut_tui.usecases import export

if TYPE_CHECKING:
    from gumnut_tui.ui.screens.text_screen import Form


async def show_text(ports: Ports, title: str, words: str, forms: Sequence[Form], stem: str) -> bool:
    """Show the text in its forms until it is closed; returns whether a name for its file is being asked for.

    `stem` is how that name begins at first.
    """
    from gumnut_tui.ui.screens.text_screen import TextScreen

    saved = await ports.show(TextScreen(title, words, forms, ports.copy))
    if saved is not None:
        endings = tuple(dict.fromkeys(form.ending for form in forms))
        label = f"Save as (.{' .'.join(endings)})"
        take = partial(_save, ports, saved.text, endings)
        await ports.ask(Question("text", label, take, f"{stem}.{saved.ending}"))
    return saved is not None


def _save(ports: Ports, text: str, endings: Sequence[str], name: str, again: bool) -> None:
    if name:
        path, _ = export.writable_path(name, endings, replace=again)
        export.save_output(path, [text.encode("utf-8", "backslashreplace")], waits=False)
        ports.notify(f"Saved in {visible(str(path), 200)}")
