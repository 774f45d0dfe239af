"""The keymap: named actions with their keys, shown in help and palette, and the check of a config file's `[keys]`.

It does not need Textual, so that the command line can check a config file.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from itertools import chain
from typing import NamedTuple

from gumnut_tui.config.settings import Settings, suggest
from gumnut_tui.domain.errors import ConfigProblem, clip


class Action(NamedTuple):
    """Something a key does on the main screen."""

    name: str
    """Its name in the `[keys]` table of the config file."""
    keys: str
    """Its default keys, as Textual names them, separated by commas."""
    runs: str
    """Textual's action: a method of the screen or table, or of the app behind `app.`."""
    words: str
    tooltip: str = ""


ROWS = (
    Action("row.next", "down,j", "move(1)", "next row"),
    Action("row.previous", "up,k", "move(-1)", "previous row"),
    Action("row.half_page_down", "ctrl+d", "half_page(1)", "half a page down"),
    Action("row.half_page_up", "ctrl+u", "half_page(-1)", "half a page up"),
    Action("row.page_down", "pagedown", "page(1)", "a page down"),
    Action("row.page_up", "pageup", "page(-1)", "a page up"),
    Action("row.first", "g,home", "first", "first row"),
    Action("row.last", "G,end", "last", "last row"),
    Action("row.open", "enter", "open", "open the event; unfold or fold the action"),
)
"""The actions of the event table."""

GROUPS: dict[str, tuple[Action, ...]] = {
    "Panes": (
        Action("pane.next", "tab", "pane(1)", "next pane"),
        Action("pane.previous", "shift+tab", "pane(-1)", "previous pane"),
        Action("pane.right", "l,right", "sideways(1)", "unfold the action; pane to the right"),
        Action("pane.left", "h,left", "sideways(-1)", "fold the action; pane to the left"),
        Action("back", "escape", "back", "back: input, then filter, then pane"),
        Action("filter.sidebar", "f", "sidebar", "filter sidebar"),
        Action("histogram.toggle", "b", "histogram", "show or hide the histogram"),
        Action("detail.previous_tab", "left_square_bracket", "tab(-1)", "previous detail tab"),
        Action("detail.next_tab", "right_square_bracket", "tab(1)", "next detail tab"),
    ),
    "Search": (
        Action("search", "slash", "search", "search", tooltip="Find text in names, ids, types and payloads"),
        Action("search.next", "n", "hit(1)", "next hit"),
        Action("search.previous", "N", "hit(-1)", "previous hit"),
        Action("time.go", "t", "go_to_time", "go to a time"),
    ),
    "Filters": (
        Action("actions", "a", "group", "actions or single events"),
        Action("range.1h", "1", "range('1h')", "last hour"),
        Action("range.24h", "2", "range('24h')", "last 24 hours"),
        Action("range.7d", "3", "range('7d')", "last 7 days"),
        Action("range.30d", "4", "range('30d')", "last 30 days"),
        Action("range.all", "5", "range('all')", "everything"),
        Action("filter.destructive", "d", "destructive", "destructive events only"),
        Action("filter.only", "plus", "narrow(True)", "only this value"),
        Action("filter.not", "minus", "narrow(False)", "not this value"),
        Action("filter.suspend", "backslash", "suspend", "suspend and resume the filters"),
        Action("filter.back", "less_than_sign", "history(-1)", "back to the filters before"),
        Action("filter.forward", "greater_than_sign", "history(1)", "forward again"),
        Action("order", "v", "turn", "reverse the order"),
    ),
    "Events": (
        Action("destructive.next", "e", "destruction(1)", "next destructive event"),
        Action("destructive.previous", "E", "destruction(-1)", "previous destructive event"),
        Action("entity.only", "T", "entity_only", "this entity's events only"),
        Action("entity.next", "right_curly_bracket", "same_entity(1)", "next event of this entity"),
        Action("entity.previous", "left_curly_bracket", "same_entity(-1)", "previous event of this entity"),
        Action("mark", "m", "mark", "mark or unmark"),
        Action("mark.only", "M", "marked", "only marked events"),
        Action("entity.jump", "J", "jump", "jump to a related entity"),
    ),
    "Feed": (
        Action("freeze", "space", "freeze", "freeze the view, not the reading"),
        Action("journal", "S", "journal", "journal: keep one, or see what it holds"),
        Action("incidents", "i", "incidents", "incidents: bursts of deletions"),
        Action("ask", "r", "ask_now", "check for new events now"),
    ),
    "Export": (
        Action("copy.id", "y", "copy_id", "copy the id"),
        Action("copy.as", "Y", "copy_as", "copy as JSON or cURL"),
        Action("save", "w", "save", "save what is shown"),
        Action("restore", "R", "restore", "restore command for trashed photos"),
        Action("undo", "U", "undo", "undo plan: how to get it back"),
        Action("browse", "o", "browse", "open in the browser"),
    ),
    "Program": (
        Action("zone", "tilde", "zone", "local time or UTC"),
        Action("palette", "ctrl+p,colon", "app.command_palette", "palette"),
        Action("help", "question_mark,f1", "app.help", "help"),
        Action("quit", "q,ctrl+q", "app.quit", "quit"),
    ),
}
"""The actions of the screen, under the headings of the help and in its order."""

ACTIONS = {action.name: action for action in chain(ROWS, *GROUPS.values())}


MODIFIERS = frozenset({"ctrl", "alt", "shift", "super", "hyper", "meta"})
NAMED_KEYS = frozenset(
    {"escape", "return", "enter", "tab", "space", "backspace", "insert", "delete", "home", "end", "pageup", "pagedown",
     "left", "right", "up", "down", "menu", "pause", "print_screen", *(f"f{number}" for number in range(1, 36))}
)  # fmt: skip
"""Keys without a character, by Textual's names."""
SAME_KEYS = {"ctrl+i": "tab", "ctrl+m": "enter", "return": "enter"}
"""Keys that a terminal cannot distinguish."""


def check_keymap(settings: Settings, actions: Mapping[str, str]) -> None:
    """Raise ConfigProblem for an unknown action or key, and for a key of two actions.

    `actions` maps every action to its default keys, separated by commas.
    """
    place = f"{settings.config_path}, table [keys]"
    for name, keys in settings.keys.items():
        if name not in actions:
            raise ConfigProblem(f"{place}: there is no action '{clip(name, 60)}'{suggest(name, actions)}.")
        for key in keys.split(","):
            if identity(key) is None:
                raise ConfigProblem(f"{place}, action {name}: there is no key '{clip(key, 60)}'{_key_hint(key)}.")
    owners: dict[str, str] = {}
    for name, keys in {**actions, **settings.keys}.items():
        for key in keys.split(","):
            other = owners.setdefault(identity(key) or key, name)
            if other != name:
                raise ConfigProblem(f"{place}: both {other} and {name} have the key {key}; change one of them.")


def identity(key: str) -> str | None:
    """One form for all spellings of a key; None for what is not a key."""
    *modifiers, base = key.split("+") if len(key) > 1 else [key]
    if not MODIFIERS.issuperset(modifiers):
        return None
    name = base if base in NAMED_KEYS else _character(base)
    if name is None:
        return None
    whole = "+".join([*sorted(modifiers), name])
    return SAME_KEYS.get(whole, whole)


def key_sign(name: str, keys: Mapping[str, str]) -> str:
    """The first key of an action as a person writes it (`?`, `^f`), where `keys` are those of the settings."""
    key = keys.get(name, ACTIONS[name].keys).split(",")[0]
    return (identity(key) or key).replace("ctrl+", "^").replace("escape", "esc")


@cache
def _signs() -> dict[str, str]:
    """Punctuation by Textual's name: that of Unicode with underscores, or a shorter one."""
    signs = (sign for sign in map(chr, range(0x21, 0x180)) if sign.isprintable() and not sign.isalnum())
    return {unicodedata.name(sign).lower().replace("-", "_").replace(" ", "_"): sign for sign in signs} | {
        "slash": "/", "backslash": "\\", "at": "@", "minus": "-", "plus": "+", "underscore": "_",
    }  # fmt: skip


def _character(base: str) -> str | None:
    """The character that a key's name means."""
    if len(base) == 1:
        return base if base.isprintable() and base != " " else None
    if base in _signs():
        return _signs()[base]
    try:
        character = unicodedata.lookup(base.replace("_", " "))
    except KeyError:
        return None
    # Unicode has names for control characters too: ESC, DEL.
    return character if character.isprintable() else None


def _key_hint(key: str) -> str:
    """A hint at how the key that was probably meant is written."""
    usual = {"esc": "escape", "del": "delete", "ins": "insert", "pgup": "pageup", "pgdn": "pagedown"}
    *modifiers, base = key.lower().replace("control", "ctrl").replace("-", "+").split("+")
    meant = "+".join([*modifiers, usual.get(base, base)])
    is_other = meant != key and identity(meant) is not None
    return f" (did you mean {meant}?)" if is_other else "; write it like q, ctrl+f, f5, pagedown or question_mark"
