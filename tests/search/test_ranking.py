"""The numbers that look-ups rank by: data, which the index keeps and a script tunes."""

from __future__ import annotations

import importlib.util
import pathlib
import sys

import pytest

from coachkb import locate
from coachkb.data.load import ranking
from coachkb.search.likely import meaning
from coachkb.search.query import Index
from coachkb.search.ranking import Ranking, ranking_line, read_ranking

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"


def script(name: str):
    sys.path.insert(0, str(SCRIPTS))
    try:
        spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(SCRIPTS))


def test_the_index_keeps_the_numbers_of_the_file():
    index = Index(locate.STARTER_INDEX)
    kept, raw = read_ranking(index.db), ranking()
    assert (kept.situation, kept.nothing, kept.elsewhere) == (raw["situation"], raw["nothing"], raw["elsewhere"])
    assert kept.place == tuple(raw["place"])
    assert kept.fields == tuple(raw["fields"].values())
    index.close()


def test_how_sure_it_must_be():
    index = Index(locate.STARTER_INDEX)
    found = meaning(index.db, "too expensive")
    numbers = Ranking(list(map(float, ranking_line(ranking()).split())))
    assert not found.fits_nothing(numbers)
    found.elsewhere, found.situations = 1.0, [("too-expensive", 0.3)]
    assert found.fits_nothing(numbers)
    found.elsewhere, found.situations = 0.0, [("too-expensive", numbers.nothing + 0.01)]
    assert not found.fits_nothing(numbers)
    found.strange = 1.0
    assert found.fits_nothing(numbers), "of words that nobody knows it must be surer"
    found.pieces = [["a"]] * 4
    found.strange = 0.0
    assert found.least(numbers) == numbers.nothing / 2, "a long text may mean several things"
    index.close()


def test_an_answer_with_a_low_score_is_a_guess_and_of_a_long_text_with_half_of_that():
    index = Index(locate.STARTER_INDEX)
    numbers = read_ranking(index.db)
    assert all(hit.sure for hit in index.search("too expensive")[0])
    hits = index.search("every third one has a boat and a nephew")[0]
    assert hits
    assert [hit.sure for hit in hits] == [hit.score >= numbers.unsure for hit in hits]
    found = meaning(index.db, "too expensive")
    assert not found.sure(numbers.unsure - 0.01, numbers)
    found.pieces = [["a"]] * 4
    assert found.sure(numbers.unsure - 0.01, numbers)
    index.close()


def test_tuned_numbers_are_written_and_what_is_said_of_them_stays(tmp_path, monkeypatch):
    tune = script("tune_ranking")
    file = tmp_path / "ranking.yaml"
    file.write_text(tune.FILE.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(tune, "FILE", file)
    before = file.read_text(encoding="utf-8")
    tune.write(ranking())
    assert file.read_text(encoding="utf-8") == before
    tune.write({**ranking(), "situation": 0.5, "place": [1.0, 0.5, 0.4]})
    changed = file.read_text(encoding="utf-8")
    assert "situation: 0.5  # the likelihood" in changed
    assert "place: [1.0, 0.5, 0.4]  #" in changed
    assert changed.count("#") == before.count("#")


@pytest.mark.parametrize("name", ["everything", "mending unknown words", "'nothing fits'"])
def test_components_are_switched_off_and_on_again(name):
    ablation = script("ablation")
    (component,) = [one for one in ablation.COMPONENTS if one.name == name]
    index = Index(locate.STARTER_INDEX)
    asked = "its to expencive"
    before = index.search(asked)[1]
    with ablation.without(component):
        assert (index.search(asked)[1] == before) is (name != "mending unknown words")
        assert bool(index.search("pancake recipe without milk")[0]) is (name == "'nothing fits'")
    assert index.search(asked)[1] == before
    index.close()
