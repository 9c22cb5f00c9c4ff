"""Every style the terminal shows, by name, in one place. Only the terminal's own colours: they fit dark and light."""

from __future__ import annotations

STYLES = {
    "title": "bold",
    "tag": "cyan",
    "heading": "bold",
    "part.problem": "yellow",
    "part.diagnosis": "magenta",
    "part.tactic": "blue",
    "part.script": "bold green",
    "words": "green",
    "quiet": "dim",
    "status.new": "green",
    "status.changed": "yellow",
    "status.unchanged": "dim",
    "status.none": "dim",
    "status.failed": "red",
    "heat.0": "white on red",
    "heat.1": "black on yellow",
    "heat.2": "black on green",
    "heat.3": "bold black on bright_green",
}
