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
        from gumnut_tui.cli.console.runtime import Runtime
        from gumnut_tui.cli.main import run
        from gumnut_tui.domain.faults import catch_stray_faults

        catch_stray_faults(os.environ, sys.stderr.write)
        code = run(sys.argv[1:], Runtime.real())
    except KeyboardInterrupt:  # before the command line could take it, while modules load
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
