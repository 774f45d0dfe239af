"""A fault in words: kind and place, and on request the frames, never a local variable."""

from __future__ import annotations

import errno
import gc
import logging
import sys
import threading

import pytest

from gumnut_tui.domain.errors import TRACEBACK_VARIABLE, catch_stray_faults, fault_lines
from gumnut_tui.domain.models import Operation
from gumnut_tui.domain.redaction import remember_secret

SECRET = "l0cal-variable-secret"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written once stray faults are caught; the interpreter's own hooks come back afterwards."""
    for owner, hook in (
        (sys, "excepthook"),
        (threading, "excepthook"),
        (sys, "unraisablehook"),
        (logging, "lastResort"),
    ):
        monkeypatch.setattr(owner, hook, getattr(owner, hook))
    lines: list[str] = []
    catch_stray_faults({TRACEBACK_VARIABLE: "1"}, lines.append)
    return lines


def fault() -> Exception:
    header = f"Bearer {SECRET}"
    remember_secret(SECRET)
    try:
        Operation(header)
    except ValueError as error:
        return error
    raise AssertionError


def test_kind_and_place_are_told_and_how_to_report() -> None:
    """The words of an exception could hold anything, so they are left out."""
    first, report = fault_lines(fault(), {})
    assert first.startswith("something went wrong (ValueError in ")
    assert SECRET not in first
    assert TRACEBACK_VARIABLE in report


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (OSError(errno.EMFILE, "Too many open files"), "open files"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "memory"),
        (MemoryError(), "memory"),
        (RuntimeError("can't start new thread"), "threads"),
    ],
)
def test_what_the_machine_lacks_is_no_fault_of_ours(error: BaseException, what: str) -> None:
    """Nobody should report it."""
    first, advice = fault_lines(error, {})
    assert first.startswith(f"this machine gives no more {what} (")
    assert "fault" not in advice
    assert "fault in gumnut-tui" in fault_lines(error, {TRACEBACK_VARIABLE: "1"})[-1]


def test_a_variable_brings_the_frames_without_locals_and_redacted() -> None:
    """They name files, lines and functions; what the exception says has its secrets taken out."""
    text = "\n".join(fault_lines(fault(), {TRACEBACK_VARIABLE: "1"}))
    assert "in fault" in text
    assert "is not a valid Operation" in text
    assert SECRET not in text


def test_a_fault_in_a_thread_is_told_the_same_way(written: list[str]) -> None:
    """Nobody waits for a thread's exception, so the interpreter would print it."""

    def work() -> None:
        raise fault()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert "ValueError" in written[0]
    assert SECRET not in "".join(written)


def test_a_fault_while_an_object_goes_is_told_the_same_way(written: list[str]) -> None:
    """At exit, too, whatever is closed may fail."""

    class Closing:
        def __del__(self) -> None:
            raise fault()

    Closing()
    gc.collect()
    assert "ValueError" in written[0]
    assert SECRET not in "".join(written)


def test_what_a_library_logs_is_redacted(written: list[str]) -> None:
    """asyncio logs exceptions nobody asked for, and their words may quote a header."""
    handler = logging.lastResort
    assert handler is not None
    error = fault()
    handler.handle(logging.LogRecord("x", logging.ERROR, "", 0, f"lost: {error}", None, None))
    handler.handle(logging.LogRecord("x", logging.ERROR, "", 0, "lost", None, (type(error), error, None)))
    assert len(written) == 2
    assert SECRET not in "".join(written)


def test_an_uncaught_fault_is_told_the_same_way_and_an_interrupt_not_at_all(written: list[str]) -> None:
    """ctrl+c at the wrong moment is no fault."""
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert written == []
    error = fault()
    sys.excepthook(type(error), error, error.__traceback__)
    assert SECRET not in "".join(written)
    assert "ValueError" in written[0]
