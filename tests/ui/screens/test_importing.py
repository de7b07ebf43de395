"""A file of another program becomes a session on the screen, and what it could not say is said."""

import json
from pathlib import Path

from tests.imports.test_claude_code import SESSION
from tests.ui.pilots import chat, heading, notices, ready, running, shown, type_text, until
from tests.ui.shelves import deps_with, filled, store_of


async def test_a_file_named_is_taken_in_and_opened(tmp_path: Path) -> None:
    file = tmp_path / "trans\x1b[2Jcript.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in SESSION))
    with store_of(*filled()) as store:
        async with running(deps_with(tmp_path, store)) as (app, pilot):
            await ready(app)
            before = chat(app).session.id
            await type_text(pilot, "/import trans")
            chat(app).prompt.put(f"/import {file}")
            await pilot.press("enter")
            # The model of the file is not offered here: there is no route until another is picked.
            await until(lambda: chat(app).session.id != before and "It prints 1." in shown(app))
            assert heading(app).title == "A look at a.py"
            said = "\n".join(notices(app))
            assert "Imported: claude-code." in said
            assert "system prompt and the tools are not in the file" in said
            (kept,) = [hit.info for hit in store.sessions() if hit.info.source == "claude-code"]
            assert kept.id == chat(app).session.id
            assert kept.messages == 5


async def test_what_cannot_be_taken_is_said_and_leaves_no_session(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"hello": "world"}')
    with store_of() as store:
        async with running(deps_with(tmp_path, store)) as (app, pilot):
            await ready(app)
            chat(app).action_import(str(bad))
            await until(lambda: any("neither messages nor input" in says for says in notices(app)))
            chat(app).action_import(str(tmp_path / "none.json"))
            await until(lambda: any("is no file" in says for says in notices(app)))
            chat(app).action_import(str(tmp_path))
            chat(app).prompt.put("half a thought")
            chat(app).action_import("")
            assert chat(app).prompt.text == "/import "
            assert chat(app).prompt.history_prompts[-1] == "half a thought"
            assert list(store.sessions()) == []
            await pilot.pause()
