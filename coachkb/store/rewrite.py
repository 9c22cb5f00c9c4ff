"""A lesson file written anew where the lesson changed and nowhere else: what people typed around that stays.

PyYAML's nodes tell the lines that a field, a passage or a passage's field stands on; only those are replaced. What else
stands on lines that go, a comment or a key of a person's own, is put on a line before them; where a file's layout does
not allow all that, the field is written whole, else the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, cast

import yaml

from coachkb.errors import UnreadableFile
from coachkb.model.lesson import Lesson, Passage
from coachkb.model.terms import ROLES
from coachkb.store.lesson_file import (
    KEYS,
    PASSAGE_KEYS,
    REVIEW_KEYS,
    SOURCE_KEYS,
    field_text,
    mapping_text,
    parse_lesson,
    passage_text,
    render_lesson,
    review_data,
    source_data,
)
from coachkb.store.yaml_text import block, scalar

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what YAML counts lines by
#: First and last line (exclusive) and what shall stand there.
_Edit = tuple[int, int, str]


def update_text(old_text: str, path: str, new: Lesson) -> str:
    """The file's text with only what changed written anew; comments, order, quoting and unknown keys stay.

    Raises UnreadableFile when the old text is no lesson.
    """
    old = parse_lesson(old_text, path)
    file = _File(old_text)
    for fine in (True, False):
        text = file.with_changes(old, new, fine)
        if text is not None and _says(text, path, new):
            return text
    return file.rewritten(new)


def _says(text: str, path: str, lesson: Lesson) -> bool:
    try:
        return parse_lesson(text, path) == parse_lesson(render_lesson(lesson), path)
    except UnreadableFile:
        return False


def _told(value: object) -> object:
    """A field's value as a file tells it: numbers under ``extraction`` come back as text."""
    if isinstance(value, Mapping):
        return {str(key): _told(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_told(item) for item in value]
    return value if value is None or isinstance(value, Passage) else scalar(value).strip('"')


class _File:
    """A lesson file's text by lines, its nodes, and what stands in it that the lesson does not say."""

    def __init__(self, text: str) -> None:
        ends = [found.end() for found in _LINE_BREAK.finditer(text)]
        self.lines = [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True) if a < b]
        self.end = "\r\n" if self.lines[0].endswith("\r\n") else "\n"
        self.root = cast(Any, yaml.compose(text, Loader=_Loader))
        self.fields = {key.value: (key, value) for key, value in self.root.value}
        self.asides = sorted([*self._comments(text), *self._unknown()])

    # ------------------------------------------------------------------------------------ what must not get lost

    def _comments(self, text: str) -> Iterator[tuple[int, str]]:
        """The comments, by line: what begins with # between the tokens, or after a block text's mark."""
        at = (0, 0)
        for token in yaml.scan(text, Loader=_Loader):
            start, end = token.start_mark, token.end_mark
            for line in range(at[0], min(start.line + 1, len(self.lines))):
                left = at[1] if line == at[0] else 0
                gap = self.lines[line][left : start.column if line == start.line else None]
                if "#" in gap:
                    yield line, gap[gap.index("#") :].rstrip()
            if getattr(token, "style", None) in ("|", ">"):
                head = self.lines[start.line][start.column :]
                if "#" in head:
                    yield start.line, head[head.index("#") :].rstrip()
            at = (end.line, end.column)

    def _unknown(self) -> Iterator[tuple[int, str]]:
        """A person's own keys within source, review and passages, as comments."""
        for name, known in (
            ("source", SOURCE_KEYS),
            ("review", REVIEW_KEYS),
            *((role, PASSAGE_KEYS) for role in ROLES),
        ):
            node = self.fields[name][1] if name in self.fields else None
            for item in node.value if isinstance(node, yaml.SequenceNode) else [node]:
                for key, value in item.value if isinstance(item, yaml.MappingNode) else []:
                    if key.value not in known:
                        said = yaml.serialize(value, Dumper=yaml.SafeDumper, allow_unicode=True, width=10**6)
                        rows = said.removesuffix("\n...\n").strip().split("\n")
                        yield key.start_mark.line, f"# {scalar(key.value)}: {' '.join(row.strip() for row in rows)}"

    # ------------------------------------------------------------------------------------------------- in place

    def with_changes(self, old: Lesson, new: Lesson, fine: bool) -> str | None:
        """The text with the changed fields replaced; ``fine``: within a field only what changed of it.

        None for a file whose fields do not stand on lines of their own (``{format: 1, id: ...}``).
        """
        if self.root.flow_style or self.root.start_mark.column:
            return None
        edits: list[_Edit] = []
        appended = ""
        for key in KEYS[1:]:
            if _told(getattr(old, key)) == _told(getattr(new, key)) and self._same_data(old, new, key):
                continue
            if key not in self.fields:
                appended += field_text(new, key)
                continue
            found = self._within(key, old, new) if fine else None
            edits += [(*self._span(self.root, key), field_text(new, key))] if found is None else found
        lines = list(self.lines)
        if edits and not _LINE_BREAK.search(lines[-1]):
            lines[-1] += self.end
        for first, last, text in sorted(edits, reverse=True):
            lines[first:last] = [self._keeping(first, last, text).replace("\n", self.end)]
        result = "".join(lines)
        return result.rstrip() + self.end + appended.replace("\n", self.end) if appended else result

    @staticmethod
    def _same_data(old: Lesson, new: Lesson, key: str) -> bool:
        return key not in ("source", "review") or getattr(old, key) == getattr(new, key)

    def _keeping(self, first: int, last: int, text: str) -> str:
        """A replacement with the comments and unknown keys of its lines before it, those that it does not hold."""
        if first == last:
            return text
        indent = self.lines[first][: len(self.lines[first]) - len(self.lines[first].lstrip(" "))]
        lost = [aside for line, aside in self.asides if first <= line < last]
        return "".join(f"{indent}{aside}\n" for aside in lost) + text

    def _span(self, mapping: Any, name: str, end: int | None = None) -> tuple[int, int]:
        """The lines of one key of a mapping: up to the next key, but for the blanks and comments that are its."""
        starts = sorted(key.start_mark.line for key, _ in mapping.value)
        first = next(key.start_mark.line for key, _ in mapping.value if key.value == name)
        last = next((start for start in starts if start > first), len(self.lines) if end is None else end)
        return first, self._trimmed(first, last)

    def _trimmed(self, first: int, last: int) -> int:
        while last > first + 1 and self.lines[last - 1].strip()[:1] in ("", "#"):
            last -= 1
        return last

    def _within(self, key: str, old: Lesson, new: Lesson) -> list[_Edit] | None:
        """The edits inside one field; None: it is to be written whole."""
        node = self.fields[key][1]
        if key in ("source", "review"):
            data = source_data if key == "source" else review_data
            if not isinstance(node, yaml.MappingNode) or node.flow_style:
                return None
            before, after = data(getattr(old, key)), data(getattr(new, key))
            return self._mapping(node, before, after, self._span(self.root, key)[1], lambda _, value: scalar(value))
        if key == "extraction" and isinstance(node, yaml.MappingNode) and not node.flow_style:
            return self._tree(node, old.extraction, new.extraction, self._span(self.root, key)[1])
        if key in ROLES and isinstance(node, yaml.SequenceNode) and not node.flow_style and new.part(key):
            return self._passages(node, old.part(key), new.part(key), self._span(self.root, key)[1])
        return None

    def _mapping(
        self,
        node: Any,
        before: Mapping[str, object],
        after: Mapping[str, object],
        end: int,
        write: Callable[[str, object], str],
    ) -> list[_Edit] | None:
        """Edits of the keys that changed in a block mapping that ends before line ``end``; a None is taken out."""
        there = [key.value for key, _ in node.value]
        column = node.start_mark.column
        edits: list[_Edit] = []
        added = ""
        for name, value in after.items():
            if before.get(name) == value:
                continue
            if name not in there:
                added += f"{' ' * column}{scalar(name)}: {write(name, value)}\n" if value is not None else ""
                continue
            first, last = self._span(node, name, end)
            lead = self.lines[first][:column]
            if lead.strip(" -") or (value is None and (lead.strip() or len(there) == 1)):
                return None
            edits.append((first, last, f"{lead}{scalar(name)}: {write(name, value)}\n" if value is not None else ""))
        if added:
            last = max(self._span(node, name, end)[1] for name in there)
            edits.append((last, last, added))
        return edits

    def _tree(self, node: Any, before: Mapping[str, Any], after: Mapping[str, Any], end: int) -> list[_Edit] | None:
        """Edits of the keys that changed in a block mapping, and in those below it: numbers, which a file gives back
        as text, stay as they are written."""
        there = {key.value: value for key, value in node.value}
        indent = " " * node.start_mark.column
        edits: list[_Edit] = []
        added: dict[str, Any] = {}
        for name in dict.fromkeys([*after, *before]):
            if name in before and name in after and _told(before[name]) == _told(after[name]):
                continue
            if name not in there:
                added[name] = after[name]
                continue
            first, last = self._span(node, name, end)
            child = there[name]
            if self.lines[first][: len(indent)].strip():
                return None
            if name not in after:
                edits.append((first, last, ""))
            elif isinstance(child, yaml.MappingNode) and not child.flow_style and isinstance(after[name], Mapping):
                below = self._tree(child, before[name], after[name], last)
                if below is None:
                    return None
                edits += below
            else:
                edits.append((first, last, f"{mapping_text({name: after[name]}, indent)[1:]}\n"))
        if added:
            last = max(self._span(node, name, end)[1] for name in there)
            edits.append((last, last, f"{mapping_text(added, indent)[1:]}\n"))
        return edits

    # ------------------------------------------------------------------------------------------------- passages

    def _passages(self, node: Any, old: Sequence[Passage], new: Sequence[Passage], end: int) -> list[_Edit] | None:
        """Edits of the passages that changed, went or came; None when the dashes do not stand before them."""
        items = node.value
        starts = [item.start_mark.line for item in items]
        dashes = [self.lines[item.start_mark.line][: item.start_mark.column] for item in items]
        if len(set(starts)) < len(starts) or any(not re.fullmatch(r" *- +", dash) for dash in dashes):
            return None
        indent = " " * dashes[0].index("-")
        ends = [self._trimmed(a, b) for a, b in zip(starts, [*starts[1:], end], strict=True)]
        edits: list[_Edit] = []
        match = SequenceMatcher(None, [p.text for p in old], [p.text for p in new], autojunk=False)
        for _, a, b, c, d in match.get_opcodes():
            pairs = min(b - a, d - c)
            for i in range(pairs):
                was, now = old[a + i], new[c + i]
                if was != now:
                    edits += self._passage(items[a + i], was, now, starts[a + i], ends[a + i], indent)
            edits += [(starts[i], ends[i], "") for i in range(a + pairs, b)]
            if d > c + pairs:
                at = ends[a + pairs - 1] if a + pairs else starts[0]
                edits.append((at, at, "".join(passage_text(p, indent) for p in new[c + pairs : d])))
        return edits

    def _passage(self, item: Any, was: Passage, now: Passage, first: int, last: int, indent: str) -> list[_Edit]:
        whole = [(first, last, passage_text(now, indent))]
        if not isinstance(item, yaml.MappingNode) or item.flow_style:
            return whole
        column = " " * (item.start_mark.column + 2)
        edits = self._mapping(
            item,
            {key: getattr(was, key) or None for key in PASSAGE_KEYS} | {"start": was.start, "end": was.end},
            {key: getattr(now, key) or None for key in PASSAGE_KEYS} | {"start": now.start, "end": now.end},
            last,
            lambda name, value: block(str(value), column) if name == "text" else scalar(value),
        )
        return whole if edits is None else edits

    # ---------------------------------------------------------------------------------------------------- whole

    def rewritten(self, new: Lesson) -> str:
        """The lesson as a file of its own, below the comments, with the keys that a person added."""
        unknown = [(key, value) for key, value in self.root.value if key.value not in KEYS]
        more = ""
        if unknown:
            node = yaml.MappingNode("tag:yaml.org,2002:map", unknown, flow_style=False)
            more = yaml.serialize(node, Dumper=yaml.SafeDumper, allow_unicode=True)
        text = "".join(f"{aside}\n" for _, aside in self.asides) + render_lesson(new) + more
        return text.replace("\n", self.end)
