"""Whether an index still says what the lesson files say. On the look-up path: it looks at times and sizes, no more."""

from __future__ import annotations

from coachkb import locate

TYPE_CHECKING = False  # as typing has it, without the cost of importing it
if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachkb.model.hit import Hit
    from coachkb.search.query import Index

#: Up to so many lesson files a look-up looks at every one of them; beyond, at their folders and at what it shows.
LOOKED_AT = 2000


def as_on_disk(index: Index, kb: str, everything: bool) -> bool:
    """Whether no lesson file of the KB changed since it was indexed.

    Of more than ``LOOKED_AT`` files only the folders are looked at, unless ``everything`` is asked for: these tell of
    files added, removed and replaced, but not of one that was written to in place.
    """
    if not everything and large(index):
        return folders_as_on_disk(index, kb)
    return as_surveyed(index, locate.survey(kb))


def large(index: Index) -> bool:
    """Whether the KB has so many lesson files that a look-up does not look at each."""
    return index.has_more_files_than(LOOKED_AT)


def folders_as_on_disk(index: Index, kb: str) -> bool:
    """Whether no file was added, removed or replaced, by the times of the folders."""
    return all(locate.folder_time(kb, path) == time for path, time in index.folder_times().items())


def as_surveyed(index: Index, found: dict[str, locate.Folder]) -> bool:
    """Whether the files are those that were indexed; of a large KB the folders' times, too, must be the same, for
    they are what the next look-up goes by."""
    known = index.folders()
    if large(index) and {path: folder.time for path, folder in found.items()} != index.folder_times():
        return False
    return all(same(known.get(path), folder) for path, folder in found.items()) and all(
        path in found for path, (_, _, numbers) in known.items() if numbers
    )


def same(known: tuple[int, bytes, bytes] | None, found: locate.Folder) -> bool:
    """Whether the files of a folder are those that were indexed, whatever the order in which they were listed."""
    if known is None:
        return not found.names
    names, numbers = found.packed()
    if known[1] == names:
        return known[2] == numbers
    return locate.Folder.unpacked(*known).states() == found.states()


def shown_as_on_disk(index: Index, kb: str, hits: Iterable[Hit]) -> bool:
    """Whether the files of these lessons are as they were indexed."""
    return all(locate.file_state(kb, file) == state for file, state in index.files_of(hits).items())
