"""A lesson file in the user's editor until it is whole, or given up; what was typed is never lost."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable

import click

from coachkb import locate
from coachkb.cli.common import same_kb
from coachkb.errors import ChangedMeanwhile, CoachkbError, NotFound, UnreadableFile, UnusableKB, UsageError
from coachkb.jobs.editing import Editable, Edited, checked, with_notes
from coachkb.jobs.suggesting import same_id
from coachkb.kb import KnowledgeBase
from coachkb.model.numbers import some
from coachkb.model.visible import safe
from coachkb.store.files import key_of

_ANSWERS = click.Choice(["e", "k", "d"], case_sensitive=False)
_FALLBACKS = ("sensible-editor", "editor", "nano", "vim", "vi")


def edit(kb: KnowledgeBase, item: Editable, resume: bool = False) -> Edited | None:
    """Opens a copy of the file, and puts it in place when it is whole; None: nothing was changed.

    ``resume``: the copy is that of an edit which was not saved. Unknown words in it are told; at a terminal one may
    mend them first. Raises what says why nothing was saved, with the path of the copy; the copy is only removed when it
    was saved, was given up, or nothing was typed.
    """
    command = editor()
    shown = with_notes(item)
    copy = _left_behind(kb, item) if resume else _new_copy(kb, item, shown)
    again = f"'{_edit_command(kb, item)} --resume' goes on with it"
    while True:
        done = _run(command, copy, keep=resume)
        try:
            text = _read(copy, item.file)
            if text == shown:
                os.unlink(copy)
                if done:
                    raise UnusableKB(f"the editor ({' '.join(command)}) ended with code {done}; nothing was changed")
                return None
            if done:
                raise UnusableKB(f"the editor ({' '.join(command)}) ended with code {done}")
            answer = _asked(copy, [_as_shown(item, fault) for fault in checked(kb, item, text)[1]])
            if answer == "d":
                os.unlink(copy)
                return None
            if answer == "k":
                edited = kb.save(item, text)
                os.unlink(copy)
                return edited if sys.stdin.isatty() else _told(edited)
            if answer == "q":
                break
            continue
        except ChangedMeanwhile as error:
            raise UnusableKB(
                f"{item.file} was changed while you edited it, and stays as it is; what you typed is in {copy}"
            ) from error
        except UnreadableFile as error:
            _show(copy, _as_shown(item, error))
        except CoachkbError as error:
            if not os.path.exists(copy):
                raise
            _say(str(error))
        if not _again():
            break
    raise UnusableKB(f"nothing was saved; what you typed is in {copy} ({again})")


def discard(kb: KnowledgeBase, id_: str) -> None:
    """Removes the copies that edits of a lesson left behind. Raises NotFound when there are none."""
    found = unsaved(kb, id_)
    if not found:
        raise NotFound(f"there is no unsaved edit of {id_}")
    for path in found:
        os.unlink(path)
    _say(f"{some(len(found), 'unsaved edit')} of {id_} discarded")


def editor() -> list[str]:
    """The command of the user's editor: VISUAL, EDITOR, else one that is there. Raises UsageError: there is none."""
    for variable in ("VISUAL", "EDITOR"):
        told = os.environ.get(variable, "").strip()
        if told:
            try:
                command = shlex.split(told, posix=os.name == "posix")
            except ValueError as error:
                raise UsageError(f"{variable} is {told!r}, which is no command") from error
            if shutil.which(command[0]) is None:
                raise UsageError(f"{variable} names {command[0]!r}, which is not there: set it to your editor")
            return command
    found = "notepad" if sys.platform == "win32" else next(filter(shutil.which, _FALLBACKS), None)
    if found is None:
        raise UsageError("no editor was found: set EDITOR to yours")
    return [found]


def unsaved(kb: KnowledgeBase, id_: str) -> list[str]:
    """The copies that earlier edits of a lesson left behind, the latest last."""
    folder = _folder()
    form = re.compile(r"(.+)" + re.escape(f".{_key(kb)}-") + r"[a-z0-9]+\.[a-z0-9_]{8}\.yaml\Z")
    found: dict[str, list[str]] = {}
    for copy in filter(None, map(form.match, os.listdir(folder))):
        found.setdefault(copy[1], []).append(os.path.join(folder, copy[0]))
    return sorted(found.get(same_id(id_, found), ()), key=lambda path: (os.path.getmtime(path), path))


def _left_behind(kb: KnowledgeBase, item: Editable) -> str:
    """The latest copy of an edit that was not saved.

    Raises NotFound when there is none, UnusableKB when the lesson's file is no longer what it was made from.
    """
    found = unsaved(kb, item.id)
    if not found:
        raise NotFound(f"there is no unsaved edit of {item.id}")
    if _base(item) != os.path.basename(found[-1]).removeprefix(f"{item.id}.{_key(kb)}-").split(".")[0]:
        raise UnusableKB(
            f"{item.file} was changed since that edit: take over what you want of {found[-1]}, then: "
            f"{_edit_command(kb, item)} --discard"
        )
    return found[-1]


def _new_copy(kb: KnowledgeBase, item: Editable, text: str) -> str:
    for path in unsaved(kb, item.id)[-1:]:
        command = _edit_command(kb, item)
        _say(f"an earlier edit of {item.id} that was not saved is in {path}: '{command} --resume' goes on with it, "
             f"'{command} --discard' takes it away")  # fmt: skip
    handle, path = tempfile.mkstemp(prefix=f"{item.id}.{_key(kb)}-{_base(item)}.", suffix=".yaml", dir=_folder())
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return path


def _key(kb: KnowledgeBase) -> str:
    """Which knowledge base a copy is of: two may have lessons of one id."""
    return key_of(kb.path or "")[:8]


def _base(item: Editable) -> str:
    """Which version of the lesson's file a copy was made from."""
    return (item.digest or "new")[:8]


def _edit_command(kb: KnowledgeBase, item: Editable) -> str:
    return f"coachkb edit{same_kb(kb)} {safe(item.id)}"


def _folder() -> str:
    """Where copies lie: the state folder, which outlives the machine's next start; else that for temporary files."""
    state = locate.state_folder()
    if state:
        folder = os.path.join(state, "edits")
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
        except OSError:
            pass
        else:
            if os.access(folder, os.W_OK):
                return folder
    return tempfile.gettempdir()


def _run(command: list[str], path: str, keep: bool) -> int:
    try:
        return subprocess.run([*command, path], check=False).returncode
    except OSError as error:
        if not keep:
            os.unlink(path)
        raise UsageError(f"the editor {command[0]!r} cannot be run ({error.strerror}): set EDITOR to yours") from error


def _read(path: str, name: str) -> str:
    try:
        with open(path, "rb") as file:
            return file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(name, f"is not UTF-8 (byte {error.start}): save it as UTF-8") from error
    except OSError as error:
        raise UnusableKB(f"the editor took {path} away ({error.strerror}); nothing was saved") from error


def _around(path: str, line: int | None) -> Iterable[str]:
    """The line of a fault and its neighbours, as the editor shows them."""
    if line is None:
        return
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().split("\n")
    for number in range(max(1, line - 1), min(len(lines), line + 1) + 1):
        yield f"{'>' if number == line else ' '} {number:>4} | {safe(lines[number - 1][:200])}"


def _show(path: str, fault: UnreadableFile) -> None:
    _say(str(fault))
    for line in _around(path, fault.line):
        click.echo(f"  {line}", err=True)


def _as_shown(item: Editable, fault: UnreadableFile) -> UnreadableFile:
    """A fault of a copy: lines are those that the editor shows, where notes may stand over the lesson."""
    if with_notes(item) == item.text:
        return fault
    return UnreadableFile(f"{fault.path}, as your editor shows it", fault.reason, fault.line)


def _told(edited: Edited) -> Edited:
    for warning in edited.warnings:
        _say(warning)
    return edited


def _asked(copy: str, odd: list[UnreadableFile]) -> str:
    """Says what is odd in an edit that can be saved; what to do with it: e(dit again), k(eep it), d(iscard it), q(uit).

    Without anybody to ask it is kept, and told afterwards.
    """
    if not odd or not sys.stdin.isatty():
        return "k"
    for fault in odd:
        _show(copy, fault)
    try:
        answer = click.prompt("[e]dit again, [k]eep it as it is, [d]iscard it", type=_ANSWERS, default="e",
                              show_choices=False, err=True)  # fmt: skip
    except click.Abort:
        click.echo(err=True)
        return "q"
    return str(answer).lower()[0]


def _again() -> bool:
    try:
        return click.confirm("Open it again?", default=True, err=True)
    except click.Abort:  # nobody there to ask
        click.echo(err=True)
        return False


def _say(line: str) -> None:
    click.echo(f"coachkb: {safe(line)}", err=True)
