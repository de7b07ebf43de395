"""What was imported is kept, found and exported like any other session."""

from dataclasses import replace

import pytest

from tests.imports.reading import NOW, imported
from tests.imports.test_source import SAMPLES
from tui.exports.ours import dump
from tui.store import Store


@pytest.mark.parametrize("sample", range(len(SAMPLES)))
def test_an_imported_session_comes_back_from_the_store_and_from_our_own_file(sample: int) -> None:
    found = imported(SAMPLES[sample])
    store = Store.in_memory(lambda: NOW)
    try:
        id = store.add(found.record)
        kept = store.record(id)
        assert kept.nodes == found.record.nodes
        assert kept.exchanges == found.record.exchanges
        assert kept.state == found.record.state
        assert kept.info.source == found.format
        assert [hit.info.id for hit in store.sessions()] == [id]
        assert kept.conversation() == found.record.conversation()
    finally:
        store.close()
    again = imported(dump(found.record))
    assert again.format == "sightline"
    assert replace(again.record, info=found.record.info) == found.record
