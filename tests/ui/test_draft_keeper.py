"""Where a draft is kept: in the file, with its session, or nowhere."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ui.scripted_session import ScriptedSession
from tests.ui.shelves import filled, home_with, store_of
from tui.chat.conversation import Conversation
from tui.errors import Unexpected
from tui.store import Store
from tui.ui.draft import Draft, Unsent, draft_of_text, load_draft, save_draft, text_of_draft
from tui.ui.draft_keeper import DraftKeeper
from tui.ui.ports import Home
from tui.ui.session_ports import Opened

DRAFT = Draft(Unsent("half a \ud800 thought", ("/a b.png",)), (Unsent("queued"),))
SKY = filled()[0]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_of(SKY, file=tmp_path / "sessions.db") as store:
        yield store


def begun(home: Home) -> None:
    """Something was said."""
    session = home.session
    assert isinstance(session, ScriptedSession)
    session.conversation = Conversation(None, tuple(node.message for node in SKY.nodes))


def test_text_holds_a_draft_without_loss() -> None:
    assert draft_of_text(text_of_draft(DRAFT)) == DRAFT
    assert text_of_draft(Draft()) is None
    for broken in (None, "", "{", "[]", '{"text": 3, "queue": {}}'):
        assert draft_of_text(broken).queue == ()


def test_before_the_first_prompt_it_is_in_the_file_afterwards_with_the_session(
    tmp_path: Path, store: Store
) -> None:
    home = home_with(store, ScriptedSession(id=SKY.info.id))
    keeper = DraftKeeper(tmp_path, home)
    keeper.take(DRAFT)
    keeper.write()
    assert load_draft(tmp_path) == DraftKeeper(tmp_path, home).load() == DRAFT
    begun(home)
    keeper.take(Draft(Unsent("more")))
    keeper.write()
    assert load_draft(tmp_path) == Draft()
    assert draft_of_text(store.draft(SKY.info.id)).text == "more"
    keeper.take(Draft())
    keeper.write()
    assert store.draft(SKY.info.id) is None


def test_an_opened_session_leaves_the_file_alone(tmp_path: Path, store: Store) -> None:
    save_draft(tmp_path, DRAFT)
    home = home_with(store, ScriptedSession(id=SKY.info.id))
    keeper = DraftKeeper(tmp_path, replace(home, opened=Opened(SKY, text_of_draft(Draft(Unsent("own"))))))
    assert keeper.load().text == "own"
    keeper.take(Draft(Unsent("changed")))
    keeper.write()
    assert load_draft(tmp_path) == DRAFT
    assert draft_of_text(store.draft(SKY.info.id)).text == "changed"


def test_a_temporary_session_keeps_none(tmp_path: Path, store: Store) -> None:
    home = replace(home_with(store, ScriptedSession()), is_temporary=True)
    keeper = DraftKeeper(tmp_path, home)
    keeper.take(DRAFT)
    keeper.write()
    assert not (tmp_path / "draft.json").exists()
    save_draft(tmp_path, DRAFT)
    assert keeper.load() == Draft()


def test_only_the_newest_is_written(tmp_path: Path, store: Store) -> None:
    keeper = DraftKeeper(tmp_path, home_with(store, ScriptedSession()))
    keeper.take(DRAFT)
    keeper.take(Draft(Unsent("newest")))
    keeper.write()
    assert load_draft(tmp_path).text == "newest"
    (tmp_path / "draft.json").unlink()
    keeper.write()
    assert not (tmp_path / "draft.json").exists()


def test_a_store_in_trouble_leaves_it_to_the_file(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(id: str, text: str | None) -> None:
        raise Unexpected("sessions", f"the disk is full: {id} {text}")

    home = home_with(store, ScriptedSession(id=SKY.info.id))
    begun(home)
    keeper = DraftKeeper(tmp_path, home)
    monkeypatch.setattr(store, "set_draft", full)
    keeper.take(DRAFT)
    keeper.write()
    assert load_draft(tmp_path) == DRAFT
    monkeypatch.undo()
    keeper.take(DRAFT)
    keeper.write()
    assert load_draft(tmp_path) == Draft()
    assert draft_of_text(store.draft(SKY.info.id)) == DRAFT


def test_what_could_not_be_written_is_still_to_be_written(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(data_dir: Path, draft: Draft) -> None:
        raise OSError("the disk is full")

    keeper = DraftKeeper(tmp_path, home_with(store, ScriptedSession()))
    keeper.take(DRAFT)
    monkeypatch.setattr("tui.ui.draft_keeper.save_draft", full)
    with pytest.raises(OSError, match="full"):
        keeper.write()
    assert keeper.is_behind
    monkeypatch.undo()
    keeper.write()
    assert load_draft(tmp_path) == DRAFT
    assert not keeper.is_behind
