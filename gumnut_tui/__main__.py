"""`gumnut-tui` and `python -m gumnut_tui`."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    # What is loaded stays: looking for garbage among it took a third of the time to the first frame.
    gc.disable()
    try:
        code = _code()
    except KeyboardInterrupt:  # while modules load
        code = 130
    sys.exit(code)


def _code() -> int:
    from gumnut_tui.cli.exit_codes import Signals, open_closed_streams

    open_closed_streams()
    signals = Signals()
    try:
        try:
            signals.install()
            from gumnut_tui.cli.main import run
            from gumnut_tui.cli.runtime import Runtime
            from gumnut_tui.domain.errors import catch_stray_faults

            runtime = Runtime.real()
            catch_stray_faults(os.environ, runtime.talk.write)
            signals.watch_terminal(1)
            code = run(sys.argv[1:], runtime)
        finally:
            signals.disarm()
    except KeyboardInterrupt:  # while modules load, or while the command line was ending
        code = 130
    return signals.code(code)


if __name__ == "__main__":
    main()
