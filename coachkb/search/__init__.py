"""The index and the query engine. ``query`` is on the look-up path and imports next to nothing; ``index`` builds."""
