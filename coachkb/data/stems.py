"""Stems of words, the same everywhere and always: pure Python Snowball, pinned, remembered."""

from __future__ import annotations

import functools
import importlib
from typing import Any


@functools.cache
def _stemmer(algorithm: str) -> Any:
    """The stemmer's own class: ``snowballstemmer.stemmer`` would use PyStemmer, of another version, where installed."""
    module = importlib.import_module(f"snowballstemmer.{algorithm}_stemmer")
    return getattr(module, f"{algorithm.capitalize()}Stemmer")()


@functools.lru_cache(maxsize=200_000)
def stem(word: str, algorithm: str) -> str:
    """The stem of a lower-case word by a Snowball algorithm ("english", "dutch", "swedish", ...)."""
    stemmed: str = _stemmer(algorithm).stemWord(word)
    return stemmed
