"""What the `[keys]` table may hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.binding import Binding
from textual.keys import Keys, _character_to_key

from gumnut_tui.app.main_screen import bindings
from gumnut_tui.config.settings import Settings
from gumnut_tui.domain.errors import ConfigProblem
from gumnut_tui.ui.keymap import ACTIONS, check_keymap, identity, key_sign
from gumnut_tui.ui.widgets.event_table import EventTable

DEFAULTS = {"quit": "q,ctrl+q", "help": "question_mark,f1", "row.page_down": "pagedown"}


def check(keys: dict[str, str], actions: dict[str, str] = DEFAULTS) -> None:
    """Check keys as the config file gives them."""
    check_keymap(Settings(config_path=Path("config.toml"), keys=keys), actions)


@pytest.mark.parametrize(
    "keys",
    [{}, {"quit": "x"}, {"quit": "Q,ctrl+x,alt+f4"}, {"quit": "pagedown", "row.page_down": "q"}, {"help": "?,ä"}],
)
def test_keys_that_can_be_used(keys: dict[str, str]) -> None:
    """Letters, signs by themselves or by name, function keys, modifiers; and two actions may swap their keys."""
    check(keys)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"qiut": "x"}, "config.toml, table [keys]: there is no action 'qiut' (did you mean quit?)."),
        ({"zzz": "x"}, "there is no action 'zzz'; known: help, quit, row.page_down."),
        ({"quit": "x,esc"}, "action quit: there is no key 'esc' (did you mean escape?)."),
        ({"quit": "Ctrl-Q"}, "there is no key 'Ctrl-Q' (did you mean ctrl+q?)."),
        ({"quit": "qq"}, "there is no key 'qq'; write it like q, ctrl+f"),
        ({"quit": "strg+q"}, "there is no key 'strg+q'"),
        ({"quit": "x", "help": "x"}, "both quit and help have the key x"),
        ({"help": "q"}, "both quit and help have the key q; change one of them."),
        ({"quit": "?"}, "both quit and help have the key"),
        ({"quit": "enter", "help": "ctrl+m"}, "both quit and help have the key ctrl+m"),
    ],
)
def test_keys_that_cannot_be_used(keys: dict[str, str], words: str) -> None:
    """File, table, action and what is wrong are named."""
    with pytest.raises(ConfigProblem) as raised:
        check(keys)
    assert words in str(raised.value)


def test_every_action_has_keys_of_its_own() -> None:
    """What is there by default passes its own check, and no two actions share a name or a key."""
    actions = {name: action.keys for name, action in ACTIONS.items()}
    check(actions, actions)


def test_the_list_of_actions_is_what_the_screen_binds() -> None:
    """What can be named in the config file has an effect."""
    table = [binding for binding in EventTable.BINDINGS if isinstance(binding, Binding)]
    assert [binding.id for binding in [*table, *bindings()]] == list(ACTIONS)


def test_keys_are_known_as_textual_knows_them() -> None:
    """Every key a terminal may send has a name that is accepted."""
    # Names of what is no key, and an older way to write one.
    unusual = {Keys.Any, Keys.ScrollUp, Keys.ScrollDown, Keys.Ignore, Keys.ControlAt, Keys.ControlSpace}
    assert [key.value for key in Keys if key not in unusual and identity(key.value) is None] == []
    for sign in map(chr, range(33, 0x180)):
        if sign.isprintable():
            assert identity(_character_to_key(sign)) == sign


@pytest.mark.parametrize(
    ("name", "keys", "sign"),
    [
        ("help", {}, "?"),
        ("search", {}, "/"),
        ("search", {"search": "ctrl+f,slash"}, "^f"),
        ("filter.destructive", {"filter.destructive": "D"}, "D"),
        ("row.page_down", {}, "pagedown"),
    ],
)
def test_a_key_is_written_as_it_is_typed(name: str, keys: dict[str, str], sign: str) -> None:
    """The first of several; a configured one takes the place of the usual ones."""
    assert key_sign(name, keys) == sign
