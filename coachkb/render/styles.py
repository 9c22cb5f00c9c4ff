"""Every style the terminal shows, by name, in one place. Only the terminal's own colours: they fit dark and light."""

from __future__ import annotations

STYLES = {
    "title": "bold",
    "tag": "magenta",
    "heading": "bold",
    "part.problem": "bold",
    "part.diagnosis": "bold",
    "part.tactic": "bold",
    "part.script": "bold green",
    "words": "bold",
    "words.bar": "bold green",
    "match": "underline",
    "quiet": "dim",
    "guess": "yellow",
    "picker.prompt": "bold green",
    "picker.chosen": "reverse",
    "picker.edge": "dim",
    "picker.message": "bold",
    "picker.key": "bold",
    "status.new": "green",
    "status.changed": "yellow",
    "status.unchanged": "dim",
    "status.none": "dim",
    "status.failed": "red",
    "diff.gone": "red",
    "diff.come": "green",
    "heat.0": "white on red",
    "heat.1": "black on yellow",
    "heat.2": "black on green",
    "heat.3": "bold black on bright_green",
}
