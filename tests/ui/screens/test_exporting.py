"""/export: the session in a file, without secrets, and never over another one."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ui.pilots import NARROW, chat, notices, ready, running, shown, type_text, until
from tests.ui.scripted_session import deps_for
from tests.ui.shelves import deps_with, kept, store_of
from tui.errors import UsageError
from tui.ui.exporting import Wish, Written, wish_of

SECRET = "team-proxy-Zx9Cv8Bn7Mq6"


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("", Wish()),
        ("html", Wish("html")),
        ("MD text-hidden", Wish("md", True)),
        ("text-hidden har a file.txt", Wish("har", True, "a file.txt")),
        ("notes.html", Wish("html", False, "notes.html")),
        ("~/x/leak.JSON", Wish("json", False, "~/x/leak.JSON")),
        ("md html", Wish("md", False, "html")),
    ],
)
def test_words_say_what_is_wished_for(words: str, wish: Wish) -> None:
    assert wish_of(words) == wish


@pytest.mark.parametrize(
    ("masked", "words"),
    [(0, "no secrets found in it"), (1, "1 secret masked"), (1234, "1,234 secrets masked")],
)
def test_it_is_told_how_many_secrets_were_masked(masked: int, words: str) -> None:
    assert Written(Path("a.md"), masked, False).secrets == words


def test_a_path_that_names_no_format_is_refused() -> None:
    with pytest.raises(UsageError, match="names no format"):
        wish_of("somewhere/notes.pdf")


async def test_a_stored_session_is_written_without_secrets_and_over_nothing(tmp_path: Path) -> None:
    record = kept("0c0ffee00001", f"Is {SECRET} my key?", f"Yes, {SECRET} is.", title="Keys")
    with store_of(record) as store:
        deps = replace(deps_with(tmp_path, store), secrets=lambda: (SECRET,))
        async with running(deps) as (app, _):
            await ready(app)
            chat(app).open_session("0c0ffee00001")
            await until(lambda: chat(app).session.id == "0c0ffee00001")
            screen = chat(app)
            for words in ("md", "html", "json", "har", "md", "md text-hidden"):
                before = len(written(tmp_path / "exports"))
                screen.action_export(words)
                await until(lambda count=before: len(written(tmp_path / "exports")) > count)  # type: ignore[misc]
            await until(lambda: any("all texts hidden" in says for says in notices(app)))
            files = written(tmp_path / "exports")
            assert len(files) == 6
            assert all(SECRET not in file.read_text() for file in files)
            assert all(file.stat().st_mode & 0o077 == 0 for file in files)
            assert any("2 secrets masked" in says for says in notices(app))
            assert sum("Is … my key?" in file.read_text() for file in files) == 4

            mine = tmp_path / "mine.json"
            mine.write_text("precious")
            screen.action_export(str(mine))
            await until(lambda: any("is there already" in says for says in notices(app)))
            assert mine.read_text() == "precious"
            screen.action_export(str(tmp_path / "none" / "a.md"))
            await until(lambda: any("No such file" in says for says in notices(app)))


def written(directory: Path) -> list[Path]:
    """What was exported into a directory."""
    return sorted(path for path in directory.glob("*") if path.suffix in (".md", ".html", ".json", ".har"))


async def test_a_form_asks_for_the_format(tmp_path: Path) -> None:
    with store_of(kept("0c0ffee00001", "Why?", title="Why")) as store:
        async with running(deps_with(tmp_path, store), NARROW) as (app, pilot):
            await ready(app)
            chat(app).action_export()
            await until(lambda: any("nothing to export yet" in says for says in notices(app)))
            chat(app).open_session("0c0ffee00001")
            await until(lambda: chat(app).session.id == "0c0ffee00001")
            await type_text(pilot, "/export")
            await pilot.press("space", "enter")
            await until(lambda: "Export the session" in shown(app))
            assert "one page with folds" in shown(app)
            await pilot.press("t", "down", "down")
            await until(lambda: "every text is hidden" in shown(app))
            await until(lambda: getattr(app.screen, "painted", False))
            await pilot.press("enter")
            await until(lambda: written(tmp_path / "exports"))
            (file,) = written(tmp_path / "exports")
            assert "It scatters." not in file.read_text()
            assert json.loads(file.read_text())["format"] == "sightline-session"


async def test_what_is_kept_nowhere_is_written_as_the_screen_knows_it(tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    async with running(deps_for(tmp_path)) as (app, pilot):
        await ready(app)
        await type_text(pilot, "hello")
        await pilot.press("enter")
        await until(lambda: chat(app).session.conversation.messages and not chat(app).running)
        chat(app).action_export(f"md {here}")
        await until(lambda: written(tmp_path / "here"))
        (file,) = written(tmp_path / "here")
        assert "> hello" in file.read_text()
