"""Everything that can go wrong, and the one place where errors become messages.

GumnutError
├── UsageProblem             a value the user gave cannot be used
│   ├── ConfigProblem        … and it is in the config file or the environment
│   └── LibraryNotChosen     several libraries, and none was named
├── KeyMissing               no API key anywhere
├── NetworkProblem           no answer
│   ├── ConnectionFailed     could not connect, or the connection broke
│   └── TimedOut             the answer did not come, or not to its end, in time
├── RefusedAddress           the base URL is plain http to a host that is not loopback, or no URL
├── ApiProblem               an answer with an error status
│   ├── KeyRefused           401
│   ├── Forbidden            403
│   ├── NotFound             404
│   ├── BadRequest           400
│   │   └── CursorRefused    400 for a request that carried a cursor, and the cursor is to blame
│   ├── ValidationFailed     422
│   ├── RateLimited          429
│   └── ServerFailure        500 and above
├── UnexpectedAnswer         an answer of a shape we cannot use
│   ├── AnswerTooLarge       more than we hold; a shorter one may be asked for
│   ├── FeedStuck            a page that says there is more but does not advance
│   └── UnsupportedFeed      the older feed of full entities
├── OutputProblem            standard output cannot be written
│   ├── OutputClosed         it is not there
│   └── OutputFull           a disk, quota or limit has no room for it
└── JournalProblem           the journal on disk cannot be used as asked
    ├── NotAJournal          the file is something else
    ├── JournalDamaged       the file is ours, and damaged
    │   └── SnapshotsDamaged … in its snapshots only; its events are intact
    ├── JournalBusy          another process is writing it
    ├── JournalInaccessible  its file or folder cannot be opened, created or renamed
    ├── JournalFull          no space is left for it
    ├── JournalDiskFailed    the disk refuses to read or to write it
    └── JournalTooNew        a later version of this program has written it

Anything else is a fault of this program, reported in a few lines: what kind, where in our code, how to report it.
Local variables are never read: they hold headers, the key and a proxy's password. Even the message of an unexpected
exception may quote them, so it is left out unless a traceback was asked for, and then redacted.
"""

from __future__ import annotations

import errno
import logging
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from gumnut_tui.domain.models import Library
from gumnut_tui.domain.redaction import redact


class GumnutError(Exception):
    """Base of all errors this program raises on purpose; their text holds no secret, whatever its source."""

    advice = ""
    """What to do next, where that depends on more than the kind of the error."""

    def __str__(self) -> str:
        return redact(super().__str__())

    def __repr__(self) -> str:
        return redact(super().__repr__())


class UsageProblem(GumnutError):
    """A value the user gave cannot be used; the message names it and shows valid ones."""


class ConfigProblem(UsageProblem):
    """A setting is unknown or wrong; the message names it and its place."""


class LibraryNotChosen(UsageProblem):
    """The account has several libraries and none was chosen, or the name given is not that of exactly one."""

    def __init__(self, libraries: Sequence[Library], wanted: str | None = None, *, is_ambiguous: bool = False) -> None:
        super().__init__(f"no library called {wanted}" if wanted else "several libraries, none chosen")
        self.libraries = tuple(libraries)
        self.wanted = wanted
        self.is_ambiguous = is_ambiguous
        """All of `libraries` have the name `wanted`."""


class KeyMissing(GumnutError):
    """No API key in the environment, the config file, a key command or the keyring."""


class NetworkProblem(GumnutError):
    """No usable answer arrived. `asked` names the request: `GET /api/events`."""

    def __init__(self, asked: str, reason: str, address: str = "") -> None:
        super().__init__(f"{asked}: {reason}")
        self.asked = asked
        self.reason = reason
        self.address = address
        """Host and port that were tried: `api.gumnut.ai:443`; empty when nothing was."""


class ConnectionFailed(NetworkProblem):
    """The connection could not be made, or broke before the answer was whole."""


class TimedOut(NetworkProblem):
    """The answer did not arrive, or not to its end, within the time allowed."""


class RefusedAddress(GumnutError):
    """An address we will not send the key to: plain http beyond loopback, or not a URL at all."""


class ApiProblem(GumnutError):
    """The service answered with an error status."""

    def __init__(
        self,
        asked: str,
        status: int,
        detail: str = "",
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{asked}: {status} {detail}".rstrip())
        self.asked = asked
        self.status = status
        self.detail = detail
        self.request_id = request_id
        self.retry_after = retry_after
        """Seconds the service asks us to wait, if it does."""


class KeyRefused(ApiProblem):
    """401: the key is missing, wrong or expired."""


class Forbidden(ApiProblem):
    """403: the key may not do this, or not in this library."""


class NotFound(ApiProblem):
    """404: unknown, deleted, or not visible to this account; the service does not say which."""


class BadRequest(ApiProblem):
    """400: repeating the request never helps."""


class CursorRefused(BadRequest):
    """400 for a cursor: malformed, or ahead of a database that was restored; read again without it."""


class ValidationFailed(ApiProblem):
    """422: a parameter is out of range or unknown to this server."""


class RateLimited(ApiProblem):
    """429: too many requests for this account."""


class ServerFailure(ApiProblem):
    """500 and above."""


class UnexpectedAnswer(GumnutError):
    """The answer has an unusable shape: what was expected, where, and what came instead."""

    def __init__(self, asked: str, expected: str, where: str, got: str) -> None:
        super().__init__(f"{asked}: expected {expected} at {where}, got {got}")
        self.asked = asked
        self.expected = expected
        self.where = where
        self.got = got


class AnswerTooLarge(UnexpectedAnswer):
    """The answer is too long for memory; a request for less may get a shorter one."""


class FeedStuck(UnexpectedAnswer):
    """A page said there is more but held nothing new; reading on would never end."""


class UnsupportedFeed(UnexpectedAnswer):
    """The server has the feed of full entities, older than cursors, which cannot be followed."""


class OutputProblem(GumnutError):
    """Standard output cannot be written; the message says why."""


class OutputClosed(OutputProblem):
    """Standard output is closed, or was opened for reading only."""


class OutputFull(OutputProblem):
    """The disk is full, a quota used up, or the file as large as it may be."""


class JournalProblem(GumnutError):
    """The journal cannot be used as asked; the message names the file. What was stored before is intact."""


class NotAJournal(JournalProblem):
    """The file is not a journal; the message says what it is. It was left unchanged."""


class JournalDamaged(JournalProblem):
    """The file is a damaged journal."""


class SnapshotsDamaged(JournalDamaged):
    """Snapshots of entities cannot be read or written; the events of the journal are intact."""


class JournalBusy(JournalProblem):
    """Another process writes the journal; the message says which, and since when."""


class JournalInaccessible(JournalProblem):
    """The file or its folder cannot be opened, created or renamed; the message says why."""


class JournalFull(JournalProblem):
    """No space is left; nothing of the page was stored."""


class JournalDiskFailed(JournalProblem):
    """The disk, or a limit of this process, refuses to write; nothing of the page was stored."""


class JournalTooNew(JournalProblem):
    """A later version of this program wrote the file, in a format this one does not know."""


class Explanation(NamedTuple):
    """An error as a message: what happened in one line, and what to do next (may be empty)."""

    what: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.what}\n{self.advice}" if self.advice else self.what


_ADVICE: dict[type[GumnutError], str] = {
    KeyMissing: "Set GUMNUT_API_KEY, put `key_command` into the config file, or try `gumnut-tui --demo`.",
    KeyRefused: "Check the key: `gumnut-tui doctor` says where it comes from.",
    Forbidden: "The key may not read this; if it is limited to some libraries, name one with --library ID.",
    NotFound: "It was deleted, or this key cannot see it.",
    CursorRefused: "The server rejected our cursor: read the feed again from the start. What was read stays valid.",
    BadRequest: "Repeating the request will not help; check the filters.",
    ValidationFailed: "Check the filters; the server may be older than this program.",
    RateLimited: "Wait a moment; other programs share the account's limit.",
    ServerFailure: "The service has a problem; try again later.",
    ConnectionFailed: "Check the network and the base URL (`gumnut-tui doctor`).",
    TimedOut: "The network or the service is slow; try again, or choose a shorter range.",
    RefusedAddress: "Use an https address; plain http is accepted for localhost only.",
    UnsupportedFeed: "This server is older than cursor feeds (February 2026) and cannot be followed.",
    AnswerTooLarge: "It was not read: a proxy or another program may be answering in place of the API.",
    FeedStuck: "The server keeps sending the same page; try again later.",
    OutputClosed: "Whoever started it closed its output, as `>&-` does; send it to a file, a pipe or /dev/null.",
    OutputFull: "Free some space, then run it again; the output is incomplete.",
    OutputProblem: "The output is incomplete.",
    NotAJournal: "Name a journal with --journal, or a file that does not exist yet.",
    SnapshotsDamaged: "To keep the events and read the rest again: `gumnut-tui journal verify --reread-snapshots`.",
    JournalDamaged: "To rename it and start a new one: `gumnut-tui journal verify --put-aside`.",
    JournalFull: "Free some space, then try again; it resumes from the last complete page.",
    JournalDiskFailed: "Is the disk full or failing, or a quota used up? What was stored before is intact.",
    JournalBusy: "Wait until that process ends, or end it; until then the journal is read-only.",
    JournalInaccessible: "Check the permissions of the file and its folder, or name another file with --journal.",
    JournalTooNew: "Update this program, or name another file with --journal.",
    UnexpectedAnswer: "Check that the base URL is the API's; `gumnut-tui doctor` shows it.",
}

DETAIL_CLIP = 200
"""Characters of a server's message that are shown."""


def explain(error: GumnutError) -> Explanation:
    """The error as a message, without secrets; text from the server is clipped, but not yet escaped for display."""
    return Explanation(redact(_what(error)), _advice(error))


def _what(error: GumnutError) -> str:
    match error:
        case KeyMissing():
            return "No API key is configured."
        case LibraryNotChosen():
            return _which_library(error)
        case ApiProblem():
            detail = f": {clip(error.detail)}" if error.detail else ""
            request = f" (request {clip(error.request_id, 64)})" if error.request_id else ""
            return f"{error.asked} was answered {error.status}{detail}{request}"
        case NetworkProblem():
            return f"{error.asked} got no answer: {clip(error.reason)}"
        case UnexpectedAnswer():
            expected = f"Expected {error.expected} at {clip(error.where)}"
            return f"Unexpected answer to {error.asked}. {expected}, got {clip(error.got)}"
        case _:
            return str(error)


def _which_library(error: LibraryNotChosen) -> str:
    if not error.wanted:
        first = "The account has several libraries; choose one with --library."
    elif error.is_ambiguous:
        first = f"Several libraries are called {clip(error.wanted)}; give the id of one."
    else:
        first = f"There is no library called {clip(error.wanted)}."
    return "\n".join([first, *(f"  {clip(library.name)}  {clip(library.id, 64)}" for library in error.libraries)])


def _advice(error: GumnutError) -> str:
    if error.advice:
        return error.advice
    if isinstance(error, ApiProblem) and error.retry_after is not None and error.retry_after >= 1:
        return f"The service asks to wait {_span(error.retry_after)} before the next request."
    for kind in type(error).__mro__:
        if advice := _ADVICE.get(kind):
            return advice
    return ""


def _span(seconds: float) -> str:
    """A duration in its two largest units: `45 s`, `1 h 30 min`."""
    left, parts = round(seconds), []
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2])


def clip(text: str, length: int = DETAIL_CLIP) -> str:
    """The text on one line, without secrets, cut to `length` characters with an ellipsis."""
    # Before clipping: half a key is no longer recognised.
    line = " ".join(redact(text).split())
    return line if len(line) <= length else line[: length - 1] + "…"


TRACEBACK_VARIABLE = "GUMNUT_TUI_TRACEBACK"
"""If set, a fault of this program is shown with its traceback."""
PACKAGE = str(Path(__file__).parents[1])
"""Our files are below this folder."""


def fault_lines(error: BaseException, environ: Mapping[str, str]) -> list[str]:
    """The fault as a message; with `GUMNUT_TUI_TRACEBACK` in the environment also its traceback, without locals."""
    if (what := _lacking(error)) and not environ.get(TRACEBACK_VARIABLE):
        lacking = f"this machine gives no more {what} ({_place(error)})."
        return [lacking, "Close other programs, or raise the limit (`ulimit -a` shows it)."]
    reason = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
    lines = [f"something went wrong ({type(error).__name__} in {_place(error)}){reason}."]
    if environ.get(TRACEBACK_VARIABLE):
        frames = traceback.TracebackException.from_exception(error, capture_locals=False).format()
        lines += "".join(frames).splitlines()
        lines.append("This is a fault in gumnut-tui: please report the lines above; keys have been removed from them.")
    else:
        lines.append(f"This is a fault in gumnut-tui: please report it, with {TRACEBACK_VARIABLE}=1 set for details.")
    return [redact(line) for line in lines]


_LACKING = {errno.EMFILE: "open files", errno.ENFILE: "open files", errno.ENOMEM: "memory"}


def _lacking(error: BaseException) -> str:
    """What the machine had no more of; empty for any other error."""
    if isinstance(error, MemoryError):
        return "memory"
    if isinstance(error, RuntimeError) and str(error) == "can't start new thread":
        return "threads"
    return _LACKING.get(error.errno or 0, "") if isinstance(error, OSError) else ""


def _place(error: BaseException) -> str:
    """The innermost place in our own code, else the innermost place."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(PACKAGE)]
    if not frames:
        return "an unknown place"
    last = (ours or frames)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def catch_stray_faults(environ: Mapping[str, str], write: Callable[[str], object]) -> None:
    """From now on, exceptions that nothing catches, in any thread or task or at exit, are written as `fault_lines`."""

    def tell(error: BaseException | None) -> None:
        if error is not None and not isinstance(error, (KeyboardInterrupt, SystemExit)):
            write("".join(f"{line}\n" for line in fault_lines(error, environ)))

    def uncaught(_kind: type[BaseException], error: BaseException, _frames: TracebackType | None) -> None:
        tell(error)

    sys.excepthook = uncaught
    threading.excepthook = lambda fault: tell(fault.exc_value)
    sys.unraisablehook = lambda fault: tell(fault.exc_value)
    logging.lastResort = _RedactedLog(tell, write)


class _RedactedLog(logging.Handler):
    """Writes what libraries log as warnings or errors, such as exceptions that asyncio lost."""

    def __init__(self, tell: Callable[[BaseException | None], None], write: Callable[[str], object]) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell
        self._write = write

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record without secrets."""
        if record.exc_info:
            self._tell(record.exc_info[1])
        else:
            self._write(f"{redact(record.getMessage())}\n")
