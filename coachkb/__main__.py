"""``coachkb`` and ``python -m coachkb``."""

from __future__ import annotations

import gc
import os
import sys


def main() -> int:
    """Runs the command line and returns its exit code; a look-up and the shell's completion take the quick doors."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started us (``>&-``)
            # What is written to a closed stdout fails, for the answer is lost; a closed stderr says nothing.
            flags = os.O_WRONLY if name == "stderr" else os.O_RDONLY
            setattr(sys, name, open(os.open(os.devnull, flags), mode))  # noqa: SIM115
    arguments = sys.argv[1:]
    try:
        code = _quick(arguments)
    except KeyboardInterrupt:
        return 130
    except Exception:  # a fault in a quick door is told by the long way, which has the error boundary
        code = None
    if code is not None:
        return code
    from coachkb.cli.app import run

    return run(arguments)


def _quick(arguments: list[str]) -> int | None:
    """The exit code of what a quick door answered; None: none did."""
    if os.environ.get("_COACHKB_COMPLETE"):
        from coachkb.cli.completing_door import complete

        return complete(dict(os.environ))
    if "lookup" in arguments:
        from coachkb.door import enter

        code = None
        gc.disable()  # what one answer leaves behind goes with the process
        try:
            code = enter(arguments)
        finally:
            if code is None:
                gc.enable()
        return code
    return None


if __name__ == "__main__":
    raise SystemExit(main())
