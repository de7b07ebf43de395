"""A catalog comes back from disk as it was, and a damaged file counts as none."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.answering import LITELLM
from tui.chat.catalog import Catalog, Deployment, ModelCard
from tui.gateway.catalog import catalog_of
from tui.gateway.catalog_cache import load_cached, save_cached
from tui.gateway.lookup import Told, parse

URL = "http://proxy.test:4000/v1/"
PATHS = ("/model/info", "/model_group/info", "/v1/models")


def recorded() -> Catalog:
    told = [Told(path, 200, parse(LITELLM[path][1])) for path in PATHS] + [Told("/x", 403, None, "no")]
    return catalog_of(told, "litellm", version="1.106.2", fetched_at=12.5)


def test_a_catalog_comes_back_as_it_was(tmp_path: Path) -> None:
    catalog = recorded()
    assert catalog.cards
    save_cached(tmp_path / "deep", URL, catalog)
    assert load_cached(tmp_path / "deep", "http://proxy.test:4000") == catalog
    assert load_cached(tmp_path / "deep", "http://other.test:4000") is None
    assert len(list((tmp_path / "deep").iterdir())) == 1


def test_a_cache_that_cannot_be_written_is_not_missed(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    save_cached(blocked, URL, recorded())
    assert load_cached(blocked, URL) is None


def test_odd_names_survive(tmp_path: Path) -> None:
    odd = "näme\x1b[31m\ud800"
    catalog = Catalog((ModelCard(odd, (Deployment(None, odd, None, thinking={"a": [1.5, None]}),)),))
    save_cached(tmp_path, URL, catalog)
    assert load_cached(tmp_path, URL) == catalog


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": 2}', "\x00", '{"format": 1}'])
def test_a_damaged_file_counts_as_none(tmp_path: Path, text: str) -> None:
    save_cached(tmp_path, URL, recorded())
    next(tmp_path.iterdir()).write_text(text)
    assert load_cached(tmp_path, URL) is None


odd_values: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3) | st.just([]) | st.just({})
)


@given(st.data())
def test_no_damage_to_any_value_raises(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    directory = tmp_path_factory.mktemp("cache")
    save_cached(directory, URL, recorded())
    file = next(directory.iterdir())
    stored: Any = json.loads(file.read_text())
    holder = stored
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(holder[key], dict | list) or not holder[key] or data.draw(st.booleans()):
            break
        holder = holder[key]
    holder[key] = data.draw(odd_values)
    file.write_text(json.dumps(stored))
    kept = load_cached(directory, URL)
    assert kept is None or isinstance(kept, Catalog)
