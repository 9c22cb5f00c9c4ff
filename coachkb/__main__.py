"""``coachkb`` and ``python -m coachkb``."""

from __future__ import annotations

import sys


def main() -> int:
    """Runs the command line and returns its exit code; a plain look-up takes the quick door."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["lookup"]:
        from coachkb.door import quick

        try:
            code = quick(arguments[1:])
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
