"""Hostile paths, targets and arguments: refused in clear words, nothing outside read, made or changed."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.tools.builtin.trees import HIDDEN, Trap, call, lay, raw, texts
from tui.chat.parts import Json, ToolResult
from tui.tools.builtin.files import handles, matching

OUT = "out of the working directory"
SECRETS = "passwords or keys"
OURS = "program's own configuration"
ABROAD = "outside the working directory"
DOTS = "without .."


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    return lay(tmp_path)


@pytest.fixture(params=["by handle", "by path"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Systems that take names relative to an open directory, and those that do not."""
    assert handles.BY_HANDLE
    if request.param == "by path":
        monkeypatch.setattr(handles, "BY_HANDLE", False)


PATHS = [
    ("../outside/secret.txt", DOTS),
    ("..", DOTS),
    ("src/../../outside/secret.txt", DOTS),
    ("src/..//../outside/secret.txt", DOTS),
    ("./.././outside/secret.txt", DOTS),
    ("/etc/passwd", ABROAD),
    ("//etc/passwd", ABROAD),
    ("/", ABROAD),
    ("{root}/../outside/secret.txt", DOTS),
    ("{root}-sibling/x", ABROAD),
    ("{outside}/secret.txt", ABROAD),
    ("~/.ssh/id_rsa", "~ is not known here"),
    ("~", "~ is not known here"),
    ("~root/.bashrc", "there is no ~root"),
    ("$HOME/.bashrc", "there is no $HOME"),
    ("file:///etc/passwd", "there is no file:"),
    ("notes.txt\0.png", "NUL character"),
    ("\0", "NUL character"),
    ("", "the path is empty"),
    ("x" * 300, "the name is too long"),
    ("a/" * 3_000, "characters; at most 4,096"),
    ("a/" * 250, "250 parts; at most 200"),
    ("no\nsuch\nfile", '"no\\nsuch\\nfile"'),
    ("no\x1b[2Jsuch", "\\u001b[2J"),
    ("\u202etxt.seton", "\\u202e"),
    ("notes.txt.", "there is notes.txt"),
    ("notes.txt ", "there is notes.txt"),
    ("NOTES.TXT", "there is notes.txt"),
    ("ｎｏｔｅｓ.txt", "there is notes.txt"),
    ("．．/outside/secret.txt", "there is no"),
    ("..\u2215outside\u2215secret.txt", "there is no"),
    ("..\\outside\\secret.txt", "there is no"),
    ("..%2foutside%2fsecret.txt", "there is no"),
    ("\ud800", "half a character"),
    ("notes.txt/x", "notes.txt is a file, so there is nothing below it"),
    ("out.txt", OUT),
    ("out_absolute.txt", OUT),
    ("out_dir", OUT),
    ("out_dir/secret.txt", OUT),
    ("out_dir/inner/secret.txt", OUT),
    ("out_and_back", OUT),
    ("chain1", OUT),
    ("in_dir/chain3", OUT),
    ("src/deep/sly/secret.txt", OUT),
    ("loop", "a loop of links"),
    ("self", "a loop of links"),
    ("self_dir/x", "a loop of links"),
    ("nowhere", "over a link to something that is not there"),
    ("dangling_out", OUT),
    ("zero", OUT),
    ("terminal", OUT),
    ("environ", OUT),
    ("passwd", OUT),
    ("hard.txt", OURS),
    ("hard-deep.txt", OURS),
    (".sightline", OURS),
    (".sightline/config.yaml", OURS),
    (".SIGHTLINE/config.yaml", OURS),
    (".sightline./config.yaml", OURS),
    ("to_ours", OURS),
    ("not-there-yet", OURS),
    ("not-there-yet/config.yaml", OURS),
    ("Not-There-Yet/config.yaml", OURS),
    ("pipe", "is a pipe, not a file"),
    ("plug", "is a socket, not a file"),
    ("picture.png", "picture.png is a PNG image, 208 bytes"),
    ("blob.bin", "blob.bin is binary data, 1.0 kB"),
    ("huge.log", "huge.log has 1.1 TB; files of more than 16.0 MB"),
    ("src", "src is a directory"),
    (".", ". is a directory"),
    (".env", SECRETS),
    (".ENV", SECRETS),
    (".env.local", SECRETS),
    ("to_env", SECRETS),
    (".netrc", SECRETS),
    (".ssh", SECRETS),
    (".ssh/config", SECRETS),
    (".ssh/../.ssh/config", DOTS),
    (".aws/credentials", SECRETS),
    (".git/config", SECRETS),
    (".git_link/config", SECRETS),
    ("server.pem", "holds a private key"),
]


def _meant(path: str, trap: Trap) -> str:
    return path.replace("{root}", str(trap.root)).replace("{outside}", str(trap.outside))


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize(("path", "says"), PATHS, ids=[repr(path)[:40] for path, _ in PATHS])
async def test_no_path_leads_out_or_to_what_is_kept(trap: Trap, path: str, says: str) -> None:
    """Reading is refused in these words; writing and editing may refuse in others, and touch nothing else."""
    box, path = trap.toolbox(), _meant(path, trap)
    before = trap.everything_else()
    async with asyncio.timeout(60):
        read = await call(box, "read_file", path=path)
        results = [read]
        for tool, arguments in _changing(path):
            asked = await box.ask(raw(tool, arguments))
            if isinstance(asked, ToolResult):
                results.append(asked)
            ran = await box.run(raw(tool, arguments))
            assert ran.is_error == isinstance(asked, ToolResult), (asked, ran)
            results.append(ran)
        results += [
            await call(box, "list_files", path=path),
            await call(box, "search_files", text="e", path=path),
        ]
    assert read.is_error
    assert says in read.text
    for result in results:
        assert len(result.text) < 5_000
        assert result.text.isprintable() or not result.is_error
        assert not any(hidden in texts(result) for hidden in HIDDEN), result
    assert trap.everything_else() == before


def _changing(path: str) -> list[tuple[str, dict[str, Json]]]:
    return [
        ("edit_file", {"path": path, "old": "e", "new": "changed", "all": True}),
        ("write_file", {"path": path, "content": "written by a model\n"}),
    ]


UNWRITABLE = [
    ("src", "src is a directory"),
    ("new/", "names a directory"),
    ("in_dir", "src is a directory"),
    (".git/hooks/pre-commit", "can run commands"),
    (".GIT/hooks/pre-commit", "can run commands"),
    ("src/.git/config", SECRETS),
    ("vendor/.git/hooks/post-checkout", "can run commands"),
    (".git_link/hooks/pre-commit", "can run commands"),
    ("ends in a dot.", "ends in a dot or a space"),
    ("ends in a space ", "characters that do not show"),
    ("steer\x1b[2J.txt", "characters that do not show"),
    ("two\nlines", "characters that do not show"),
    ("\u202etxt", "characters that do not show"),
    ("made/zero\u200bwidth/x", "characters that do not show"),
    ("made/.env", SECRETS),
    ("made/id_ed25519", SECRETS),
    ("pipe", "is a pipe"),
    ("picture.png", "is a PNG image"),
    ("server.pem", "private key"),
    ("notes.txt/below", "is a file, so there is nothing below it"),
]


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize(("path", "says"), UNWRITABLE, ids=[repr(path)[:40] for path, _ in UNWRITABLE])
async def test_what_is_not_written(trap: Trap, path: str, says: str) -> None:
    names = sorted(str(p) for p in trap.root.rglob("*"))
    call = raw("write_file", {"path": path, "content": "x\n"})
    asked, ran = await trap.toolbox().ask(call), await trap.toolbox().run(call)
    assert isinstance(asked, ToolResult)
    assert says in asked.text
    assert ran == asked
    assert sorted(str(p) for p in trap.root.rglob("*")) == names


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("in.txt", "one\ntwo"),
        ("in_dir/a.py", "def run"),
        ("in_absolute/a.py", "def run"),
        ("in_roundabout", "def run"),
        ("{root}/notes.txt", "one\ntwo"),
        ("./src//deep/./b.py", "# deep"),
        ("new\nline.txt", "odd name"),
        ("end ", "a blank at the end"),
        ("latin.txt", "café"),
        ("bom.txt", "]\nmarked"),
        ("steering.txt", "\x1b]0;title\x07\u202egnirts"),
        (".env.example", "PASSWORD="),
        (".git/HEAD", "refs/heads/main"),
    ],
)
async def test_what_is_odd_but_within_is_read_exactly(trap: Trap, path: str, text: str) -> None:
    result = await call(trap.toolbox(), "read_file", path=_meant(path, trap))
    assert not result.is_error, result
    assert text in result.text


@pytest.mark.usefixtures("either_way")
async def test_a_list_shows_everything_and_follows_nothing(trap: Trap) -> None:
    result = await call(trap.toolbox(), "list_files", pattern="**")
    assert not result.is_error
    head, *lines = result.text.split("\n")
    assert ".git" in head
    assert '"new\\nline.txt"  9 bytes' in lines
    assert "out_dir -> ../outside" in lines
    assert "pipe (no plain file)" in lines
    assert ".git/" in lines
    assert not [
        line for line in lines if line.startswith(("out_dir/", ".git/H", "in_dir/", ".ssh/c", ".sightline/c"))
    ]
    assert not any(hidden in texts(result) for hidden in HIDDEN)


@pytest.mark.usefixtures("either_way")
async def test_a_search_finds_nothing_that_may_not_be_read(trap: Trap) -> None:
    box = trap.toolbox()
    for text in (*HIDDEN, "PASSWORD", "api_key"):
        result = await call(box, "search_files", text=text)
        found = result.text.split("\n")[1:]
        assert [line for line in found if not line.startswith(".env.example:")] == []
    head = result.text.split("\n")[0]
    assert "binary" in head
    assert "1 too large" in head
    assert "withheld" in head


ARGUMENTS: list[tuple[str, str, str]] = [
    ("read_file", '{"path": 17}', "path is 17 (a number); it must be text"),
    ("read_file", '{"path": ["notes.txt"]}', 'path is ["notes.txt"] (a list); it must be text'),
    ("read_file", '{"path": {"path": "notes.txt"}}', "(an object); it must be text"),
    ("read_file", '{"path": null}', "path is null"),
    ("read_file", "{}", "missing argument: path"),
    ("read_file", '"notes.txt"', "not a JSON object"),
    ("read_file", '{"path": "notes.txt"', "not a JSON object"),
    ("read_file", '{"path": "notes.txt", "encoding": "x"}', 'unknown argument: "encoding"'),
    ("read_file", '{"path": "notes.txt", "offset": "1"}', "a whole number or null"),
    ("read_file", '{"path": "notes.txt", "offset": 1.5}', "a whole number or null"),
    ("read_file", '{"path": "notes.txt", "offset": 99}', "offset is 99, but notes.txt has 3 lines"),
    ("read_file", '{"path": "notes.txt", "offset": 1' + "0" * 400 + "}", "but notes.txt has 3 lines"),
    ("read_file", '{"path": "notes.txt", "offset": 1' + "0" * 5_000 + "}", "not a JSON object"),
    ("read_file", '{"path": "notes.txt", "limit": 0}', "limit is 0; it must be at least 1"),
    ("read_file", '{"path": "notes.txt", "limit": -5}', "at least 1"),
    ("read_file", '{"path": "notes.txt", "limit": NaN}', "not a JSON object"),
    ("read_file", '{"path": ' + "[" * 5_000 + "]" * 5_000 + "}", "not a JSON object"),
    ("list_files", '{"path": false}', "path is false"),
    ("list_files", '{"path": "notes.txt"}', "is a file, not a directory"),
    ("list_files", '{"path": "missing"}', "there is no missing"),
    ("list_files", '{"pattern": ""}', "pattern must have 1 to 500"),
    ("list_files", '{"pattern": "../*"}', "leads out of the directory"),
    ("list_files", '{"pattern": "/etc/*"}', "leads out of the directory"),
    ("list_files", '{"pattern": "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}"}', "more than 64 choices"),
    ("list_files", json.dumps({"pattern": "*" * 600}), "1 to 500 characters"),
    ("list_files", json.dumps({"pattern": "*/" * 100}), "more than 40 parts"),
    ("search_files", '{"text": ""}', "text is empty"),
    ("search_files", '{"text": 5}', "text is 5"),
    ("search_files", '{"text": "a", "regex": "yes"}', "true or false or null"),
    ("search_files", '{"text": "a\\nb"}', "line by line"),
    ("search_files", '{"text": "(", "regex": true}', "no regular expression: missing )"),
    ("search_files", json.dumps({"text": "(" * 900, "regex": True}), "no regular expression"),
    ("search_files", json.dumps({"text": "(" * 450 + ")" * 450, "regex": True}), "nested too deeply"),
    ("search_files", json.dumps({"text": "a{4294967295}", "regex": True}), "no regular expression"),
    ("search_files", json.dumps({"text": "(?R)?a", "regex": True}), "calls its own groups"),
    ("search_files", json.dumps({"text": "(a(?1)?b)*c", "regex": True}), "calls its own groups"),
    ("search_files", json.dumps({"text": "(?P<x>a(?&x)?)*c", "regex": True}), "calls its own groups"),
    ("search_files", json.dumps({"text": "a" * 2_000}), "at most 1,000"),
    ("search_files", '{"text": "a", "pattern": "../*"}', "leads out of the directory"),
    ("write_file", '{"path": "x"}', "missing argument: content"),
    ("write_file", '{"path": "x", "content": null}', "content is null"),
    ("write_file", '{"path": "x", "content": ["a"]}', "(a list); it must be text"),
    ("write_file", '{"path": "x", "content": "a\\u0000b"}', "NUL character"),
    ("write_file", '{"path": "x", "content": "a\\ud800b"}', "cannot hold"),
    ("write_file", '{"path": "x", "content": "a", "mode": 511}', 'unknown argument: "mode"'),
    ("edit_file", '{"path": "notes.txt", "old": "", "new": "x"}', "old is empty"),
    ("edit_file", '{"path": "notes.txt", "old": "one", "new": "one"}', "nothing would change"),
    ("edit_file", '{"path": "notes.txt", "old": "four", "new": "x"}', "old is not in notes.txt"),
    (
        "edit_file",
        '{"path": "notes.txt", "old": "o", "new": "x"}',
        "old is 2 times in notes.txt, at lines 1, 2",
    ),
    ("edit_file", '{"path": "notes.txt", "old": "one", "new": "a\\u0000"}', "NUL character"),
    ("edit_file", '{"path": "notes.txt", "old": "one", "new": 1}', "new is 1"),
    ("edit_file", '{"path": "notes.txt", "old": "one", "new": "x", "all": "no"}', 'all is "no"'),
    ("edit_file", '{"path": "latin.txt", "old": "caf", "new": "\\u4e2d"}', "cannot hold"),
    ("edit_file", '{"path": "missing", "old": "a", "new": "b"}', "write_file makes new files"),
]


@pytest.mark.parametrize(
    ("tool", "arguments", "says"), ARGUMENTS, ids=[f"{t} {a[:50]}" for t, a, _ in ARGUMENTS]
)
async def test_confused_arguments_are_told_in_words(trap: Trap, tool: str, arguments: str, says: str) -> None:
    names = sorted(str(p) for p in trap.root.rglob("*"))
    async with asyncio.timeout(60):
        result = await trap.toolbox().run(raw(tool, arguments))
    assert result.is_error
    assert says in result.text
    assert len(result.text) < 1_000
    assert sorted(str(p) for p in trap.root.rglob("*")) == names
    assert (trap.root / "notes.txt").read_text() == "one\ntwo\nthree\n"


@pytest.mark.parametrize(
    "expression", [r"(a|aa)+$", r"(a|a|aa)*$b", r"(?e)(?:aaaaaaaaaaaaab){e<=8}$", r"(?<=(a|aa)+)b"]
)
async def test_a_catastrophic_expression_ends_and_holds_nobody(
    trap: Trap, expression: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "LINE_SECONDS", 0.3)
    (trap.root / "as").write_text("a" * 100_000 + "!\n")
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    async with asyncio.timeout(60):
        result = await call(trap.toolbox(), "search_files", text=expression, regex=True, path="as")
    ticking.cancel()
    if "takes too long" in result.text:
        assert result.is_error
        assert ticks >= 5
    else:
        assert result.text.startswith("[nothing found")


async def test_one_expression_does_run_out_of_time(trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "LINE_SECONDS", 0.1)
    result = await call(trap.toolbox(), "search_files", text="(a|aa)+$", regex=True, path="as")
    assert result.is_error
    assert result.text.startswith("the expression takes too long on as line 1;")


@pytest.mark.parametrize(
    "pattern",
    ["**/" * 39 + "*", "*a" * 240 + "z", "[" * 400, "?" * 499, "{a,b,c}/{d,e}/{f,g}/**", "**/*/**/*/**"],
)
async def test_pattern_bombs_end(trap: Trap, pattern: str) -> None:
    deep = trap.root
    for _ in range(30):
        deep = deep / ("a" * 60)
        deep.mkdir()
    (deep / "z").write_text("bottom")
    async with asyncio.timeout(60):
        result = await call(trap.toolbox(), "list_files", pattern=pattern)
    assert not result.is_error
