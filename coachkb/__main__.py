"""``coachkb`` and ``python -m coachkb``."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Runs the command line and returns its exit code; a look-up takes the quick door."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started us (``>&-``)
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115
    arguments = sys.argv[1:]
    if "lookup" in arguments:
        from coachkb.door import enter

        try:
            code = enter(arguments)
        except KeyboardInterrupt:
            return 130
        except Exception:  # a fault in the quick door is told by the long way, which has the error boundary
            code = None
        if code is not None:
            return code
    from coachkb.cli.app import run

    return run(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
