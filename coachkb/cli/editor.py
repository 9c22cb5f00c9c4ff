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
from coachkb.errors import ChangedMeanwhile, CoachkbError, UnreadableFile, UnusableKB, UsageError
from coachkb.jobs.editing import Editable, Edited, with_notes
from coachkb.kb import KnowledgeBase
from coachkb.model.visible import safe

_FALLBACKS = ("sensible-editor", "editor", "nano", "vim", "vi")


def edit(kb: KnowledgeBase, item: Editable) -> Edited | None:
    """Opens a copy of the file, and puts it in place when it is whole; None: nothing was changed.

    Raises what says why nothing was saved, with the path of the copy; the copy is only removed when it was saved or
    nothing was typed.
    """
    command = editor()
    for path in unsaved(item.id):
        _say(f"an earlier edit of {item.id} that was not saved is in {path}")
    shown = with_notes(item)
    copy = _copy(item.id, shown)
    while True:
        done = _run(command, copy)
        try:
            text = _read(copy, item.file)
            if text == shown:
                os.unlink(copy)
                if done:
                    raise UnusableKB(f"the editor ({' '.join(command)}) ended with code {done}; nothing was changed")
                return None
            if done:
                raise UnusableKB(f"the editor ({' '.join(command)}) ended with code {done}")
            edited = kb.save(item, text)
            os.unlink(copy)
            return edited
        except ChangedMeanwhile as error:
            raise UnusableKB(
                f"{item.file} was changed while you edited it, and stays as it is; what you typed is in {copy}"
            ) from error
        except UnreadableFile as error:
            _say(str(error))
            for line in _around(copy, error.line):
                click.echo(f"  {line}", err=True)
        except CoachkbError as error:
            if not os.path.exists(copy):
                raise
            _say(str(error))
        if not _again():
            raise UnusableKB(f"nothing was saved; what you typed is in {copy}")


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


def unsaved(id_: str) -> list[str]:
    """The copies that earlier edits of a lesson left behind."""
    folder = _folder()
    form = re.compile(re.escape(id_) + r"\.[a-z0-9_]{8}\.yaml\Z")
    return sorted(os.path.join(folder, name) for name in os.listdir(folder) if form.match(name))


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


def _copy(id_: str, text: str) -> str:
    handle, path = tempfile.mkstemp(prefix=f"{id_}.", suffix=".yaml", dir=_folder())
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return path


def _run(command: list[str], path: str) -> int:
    try:
        return subprocess.run([*command, path], check=False).returncode
    except OSError as error:
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


def _again() -> bool:
    try:
        return click.confirm("Open it again?", default=True, err=True)
    except click.Abort:  # nobody there to ask
        click.echo(err=True)
        return False


def _say(line: str) -> None:
    click.echo(f"coachkb: {safe(line)}", err=True)
