"""SQLite, on the look-up path: the module that ``sqlite3`` is made of, without the package around it.

The package imports datetime and more for conversions that nothing here uses; that is a fifteenth of a look-up. Where an
implementation of Python has no such module, the package is taken.
"""

TYPE_CHECKING = False  # as typing has it, without the cost of importing it
if TYPE_CHECKING:
    import sqlite3
else:
    try:
        import _sqlite3 as sqlite3
    except ImportError:
        import sqlite3

__all__ = ["sqlite3"]
