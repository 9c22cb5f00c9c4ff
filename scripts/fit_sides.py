#!/usr/bin/env python3
"""Learns which words give away who sells in a call, and writes them to coachkb/data/spotting_sides.yaml.

    fit_sides.py

A word's weight is the logarithm of how much more of the sentences of scripts in the starter (what sellers say) hold it
than of the phrases that the vocabulary has for situations (what buyers say). No call is read for it.
"""

from __future__ import annotations

import argparse
import math
import pathlib
import re
from collections import Counter

from coachkb.data.load import profiles, vocabulary
from coachkb.kb import KnowledgeBase
from coachkb.locate import STARTER
from coachkb.spotting.sides import words

OUT = pathlib.Path(__file__).resolve().parent.parent / "coachkb" / "data" / "spotting_sides.yaml"
HEAD = """\
# Words that sellers say more often (above 0) or less often than buyers, in any call: the logarithm of how much.
# Learned by scripts/fit_sides.py from the starter's scripts and the vocabulary; another language may have none.
"""
SEEN = 20  # times that a word must be met, in as many words of either kind
SMOOTH = 2  # times that each word is met once more, so that a rare one says little
MOST = 2.0  # of a weight
_END = re.compile(r"(?<=[.!?])\s+")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    buyers: dict[str, Counter[str]] = {code: Counter() for code in profiles()}
    sellers: dict[str, Counter[str]] = {code: Counter() for code in profiles()}
    for situation in vocabulary().values():
        for code, labels in situation.labels.items():
            for phrase in labels.said:
                buyers[code].update(set(words(phrase)))
    with KnowledgeBase.open(STARTER) as kb:
        for lesson in kb.lessons():
            for passage in lesson.script:
                for sentence in _END.split(passage.text):
                    sellers[lesson.language].update(set(words(sentence)))
    lines = [HEAD]
    for code in profiles():
        bought, sold = buyers[code].total(), sellers[code].total()
        weights = {
            word: math.log((sellers[code][word] + SMOOTH) / (sold + SMOOTH))
            - math.log((buyers[code][word] + SMOOTH) / (bought + SMOOTH))
            for word in sorted({*buyers[code], *sellers[code]})
            if buyers[code][word] * sold / bought + sellers[code][word] > SEEN
        }
        lines.append(f"{code}:\n")
        lines += [
            f'  "{word}": {max(-MOST, min(MOST, weight)):.2f}\n'
            for word, weight in sorted(weights.items(), key=lambda item: item[1])
            if abs(weight) >= 0.2
        ]
    OUT.write_text("".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
