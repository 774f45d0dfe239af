"""Finding and saving the API key: environment, config file, a command, or the system's keyring."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import Any, Protocol
from urllib.parse import urlsplit

from gumnut_tui.config.settings import Settings, parse_config
from gumnut_tui.domain.defaults import ENDING_SIGNALS
from gumnut_tui.domain.errors import ConfigProblem, GumnutError, clip
from gumnut_tui.domain.key import Key

KEYRING_SERVICE = "gumnut-tui"
_MARK = "\ufeff"
"""The byte order mark with which Windows editors begin a file."""
MOST_OUTPUT = 64 * 1024
"""Bytes; what prints more prints no key."""
LOOK_SECONDS = 0.05
"""Between looks whether a command that prints nothing has ended."""
COMMAND_TIMEOUT = 60.0
"""Seconds a `key_command` may take; long enough to unlock a password store."""


class Keep(Enum):
    """Where a key can be saved."""

    FILE = "config file"
    KEYRING = "keyring"


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key, and in words where it was found."""

    key: Key
    origin: str


class Keyring(Protocol):
    """The part of the `keyring` package that we use."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret saved under that name."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Save a secret under that name."""


def find_key(
    settings: Settings, keyring: Callable[[], Keyring | None], command_timeout: float = COMMAND_TIMEOUT
) -> FoundKey | None:
    """The configured key, or None; raises ConfigProblem when the key command gives none.

    `keyring` opens the keyring, if there is one; it is called only when no other source has a key.
    """
    if settings.key is not None:
        return FoundKey(settings.key, str(settings.origin("key")))
    if settings.key_command is not None:
        key = key_from_command(settings.key_command, command_timeout)
        return FoundKey(key, f"key_command, set in {settings.origin('key_command')}")
    ring = keyring()
    if ring is not None and (kept := _from_keyring(ring, settings.base_url)):
        return FoundKey(kept, "keyring")
    return None


def system_keyring() -> Keyring | None:
    """The keyring, if the `keyring` extra is installed and has a working backend."""
    if find_spec("keyring") is None:
        return None
    import keyring
    from keyring.backends import fail, null

    return None if isinstance(keyring.get_keyring(), (fail.Keyring, null.Keyring)) else keyring


def key_from_command(command: tuple[str, ...], timeout: float = COMMAND_TIMEOUT) -> Key:
    """The line that a command prints, run without a shell; its output never becomes part of a message.

    Raises ConfigProblem when it cannot be run, takes longer than `timeout` seconds, fails, or prints no single line.
    """
    program = clip(command[0], 60)
    try:
        with contextlib.ExitStack() as stack:
            with _signals_held():
                process = _started(command, program)
                stack.callback(_end, process)
            output = _printed(process, timeout)
    except subprocess.TimeoutExpired:
        raise ConfigProblem(f"key_command: {program} did not finish within {timeout:g} s.") from None
    if process.returncode != 0 and len(output) <= MOST_OUTPUT:
        raise ConfigProblem(
            f"key_command: {program} failed with status {process.returncode}; run it by hand to see why."
        )
    return _single_line(output, program)


def keep(key: Key, where: Keep, settings: Settings, keyring: Keyring | None = None) -> str:
    """Save the key for the next start; returns in words where.

    The config file is replaced as a whole, readable by its owner only, and its other lines stay as they are.
    Raises ConfigProblem when that cannot be done.
    """
    if where is Keep.FILE:
        return _keep_in_file(key, settings.config_path, settings.profile)
    keyring = keyring or system_keyring()
    if keyring is None:
        raise ConfigProblem("there is no keyring on this machine: pip install 'gumnut-tui[keyring]' installs one.")
    with _keyring_problems("save the key"):
        keyring.set_password(KEYRING_SERVICE, _account(settings.base_url), key.reveal())
    return f"the keyring, as {KEYRING_SERVICE}"


def _started(command: tuple[str, ...], program: str) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a command"
        raise ConfigProblem(f"key_command: {program} cannot be run: {reason}.") from None


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Within, signals wait: one that came before the process just started is known would leave it behind."""
    held: dict[int, Any] = {}
    came: list[int] = []
    if threading.current_thread() is threading.main_thread():
        numbers = [getattr(signal, name) for name in ("SIGINT", *ENDING_SIGNALS) if hasattr(signal, name)]
        held = {number: handler for number in numbers if callable(handler := signal.getsignal(number))}
    for number in held:
        signal.signal(number, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        for number, handler in held.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)


def _printed(process: subprocess.Popen[bytes], timeout: float) -> bytes:
    """What it prints until it ends, or `MOST_OUTPUT` bytes and more; raises `TimeoutExpired`.

    Processes it leaves behind are not waited for, though they may hold its output open.
    """
    if process.stdout is None or not hasattr(select, "poll"):
        return process.communicate(timeout=timeout)[0]
    pipe, deadline, printed = process.stdout.fileno(), monotonic() + timeout, bytearray()
    while len(printed) <= MOST_OUTPUT:
        has_ended = process.poll() is not None
        if select.select([pipe], [], [], LOOK_SECONDS)[0]:
            part = os.read(pipe, 4096)
            if not part:
                break
            printed += part
        elif has_ended:
            break
        elif monotonic() > deadline:
            raise subprocess.TimeoutExpired(process.args, timeout)
    else:
        process.kill()
        process.wait()
        return bytes(printed)
    process.wait(max(0.0, deadline - monotonic()))
    return bytes(printed)


def _single_line(output: bytes, program: str) -> Key:
    lines = output.decode("utf-8", "replace").split("\n")
    if len(output) > MOST_OUTPUT or len([line for line in lines if line.strip()]) != 1:
        raise ConfigProblem(f"key_command: {program} should print one line, the key; it printed something else.")
    try:
        return Key("".join(lines))
    except GumnutError:
        raise ConfigProblem(f"key_command: {program} printed one line, but it is not a key.") from None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and close its pipe, without waiting for its children."""
    if process.poll() is None:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _from_keyring(keyring: Keyring, base_url: str) -> Key | None:
    with _keyring_problems("look up the key"):
        kept = keyring.get_password(KEYRING_SERVICE, _account(base_url))
    return Key(kept) if kept else None


@contextlib.contextmanager
def _keyring_problems(doing: str) -> Any:
    """Turn any exception of a keyring backend into a ConfigProblem without its message."""
    try:
        yield
    except GumnutError:
        raise
    except Exception as error:  # backends raise anything, and their text may hold the secret
        raise ConfigProblem(f"the keyring could not {doing} ({type(error).__name__}).") from None


def _account(base_url: str) -> str:
    """The account name in the keyring: one per server, so that a key is never sent to another server."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()


def _keep_in_file(key: Key, path: Path, profile: str | None) -> str:
    target = path.resolve()
    try:
        if target.exists() and not target.is_file():
            raise ConfigProblem(f"the key could not be written to {path}: it is not a file.")
        # As bytes, to keep the line ends.
        before = target.read_bytes().decode("utf-8") if target.exists() else ""
        after = with_key(before, key, profile)
        _check_edit(path, before, after, key, profile)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _replace(target, after)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ConfigProblem(f"the key could not be written to {path}: {reason}.") from None
    return str(path)


def with_key(text: str, key: Key, profile: str | None = None) -> str:
    """The config text with the key set, in a profile's table or at the top; every other line is kept."""
    if text.startswith(_MARK):
        return _MARK + with_key(text.removeprefix(_MARK), key, profile)
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += end
    entry = f"key = {json.dumps(key.reveal())}{end}"
    start = _table_start(lines, profile)
    if start is None:
        return "".join([*lines, f"{end}[profiles.{json.dumps(profile, ensure_ascii=False)}]{end}", entry])
    for number in range(start, len(lines)):
        if re.match(r"\s*\[", lines[number]):
            break
        if re.match(r"\s*(key|\"key\"|'key')\s*=", lines[number]):
            return "".join([*lines[:number], entry, *lines[number + 1 :]])
    return "".join([*lines[:start], entry, *lines[start:]])


def _table_start(lines: list[str], profile: str | None) -> int | None:
    """The index of the line after the header of a profile's table, 0 for the top; None without such a header."""
    if profile is None:
        return 0
    return next((number + 1 for number, line in enumerate(lines) if _is_header(line, profile)), None)


def _is_header(line: str, profile: str) -> bool:
    name = re.escape(profile)
    return re.match(rf"\s*\[\s*profiles\s*\.\s*(\"{name}\"|'{name}'|{name})\s*\]", line) is not None


def _check_edit(path: Path, before: str, after: str, key: Key, profile: str | None) -> None:
    """Refuse an edit that changes anything but the key: the file may have syntax our line editing does not expect."""
    old, new = parse_config(path, before.encode()), parse_config(path, after.encode())
    expected_top, expected_profiles = dict(old.top), {name: dict(table) for name, table in old.profiles.items()}
    table = expected_top if profile is None else expected_profiles.setdefault(profile, {})
    table["key"] = key
    if (new.top, new.profiles) != (expected_top, expected_profiles):
        raise ConfigProblem(f'{path} could not be changed safely; write the key into it yourself: key = "…"')


def _replace(target: Path, text: str) -> None:
    """Replace a file so that it is either complete and private, or unchanged."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
