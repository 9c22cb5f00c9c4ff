"""Folders that scripts take on their command lines, told in one line when they are not what they should be."""

from __future__ import annotations

import argparse
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
ARTICLES = ROOT / "articles"
GOLD = ROOT / "tests" / "gold"


def folder(told: str) -> pathlib.Path:
    """A folder that is there."""
    path = pathlib.Path(told)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{told}: there is no such folder")
    return path


def gold_folder(told: str) -> pathlib.Path:
    """A folder that holds gold files: of none, weights would be learned that know nothing."""
    path = folder(told)
    if next(path.glob("*.gold.json"), None) is None:
        raise argparse.ArgumentTypeError(f"{told}: holds no *.gold.json (annotate.py gold makes them)")
    return path
