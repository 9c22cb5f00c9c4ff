"""What the package says of its types is of use to who uses it: their programs type-check as the documents show them."""

from __future__ import annotations

import pathlib
import re

import pytest

api = pytest.importorskip("mypy.api", reason="mypy is of the extra dev; .ci/run runs this with it")
ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TYPED = """\
from coachkb import KnowledgeBase
from coachkb.model.hit import Hit


def first(kb: KnowledgeBase) -> Hit:
    return kb.lookup("too expensive").hits[0]


with KnowledgeBase.open() as kb:
    title: str = first(kb).title
"""


def checked(folder: pathlib.Path, programs: dict[str, str]) -> str:
    """What mypy has to say of programs that use coachkb."""
    for name, text in programs.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    files = [str(folder / f"{name}.py") for name in programs]
    out, err, _ = api.run(["--strict", "--config-file=", f"--cache-dir={folder / 'cache'}", *files])
    return out + err


def test_knowledge_base_is_a_type_and_the_python_of_the_documents_type_checks(tmp_path: pathlib.Path) -> None:
    programs = {"typed": TYPED}
    for page in PAGES:
        blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
        programs.update({f"{page.stem.lower().replace('-', '_')}_{n}": block for n, block in enumerate(blocks)})
    assert len(programs) > 4
    assert checked(tmp_path, programs).startswith("Success: no issues found")
    wrong = TYPED.replace("title: str", "title: int")
    assert "Incompatible types in assignment" in checked(tmp_path, {"wrong": wrong})
