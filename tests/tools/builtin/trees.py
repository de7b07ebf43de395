"""A working directory full of traps, with what lies around it, and a look at whether that was touched."""

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tui.chat.events import Ask
from tui.chat.parts import Json, ToolCall, ToolResult
from tui.tools.builtin import Reach, everything
from tui.tools.toolbox import Toolbox

SECRET = "TOP SECRET, outside"
OURS = "api_key: our own"
PASSWORD = "hunter2-password"
PRIVATE_KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE\n-----END OPENSSH PRIVATE KEY-----\n"
HIDDEN = (SECRET, OURS, PASSWORD, "b3BlbnNzaC1rZXktdjE", "root:x:0")
"""What no result may hold."""


@dataclass(frozen=True)
class Trap:
    """The directories of a trap; ``root`` is where the tools work."""

    root: Path
    outside: Path
    ours: Path

    def toolbox(self) -> Toolbox:
        """Every built-in tool at work here."""
        return everything(
            lambda: datetime(2026, 11, 22, tzinfo=UTC),
            Reach(self.root, (self.ours, self.root / ".sightline", self.root / "not-there-yet")),
        )

    def everything_else(self) -> dict[str, object]:
        """Each file around the root, and each of ours within, with content and mode."""
        places = [self.outside, self.ours, self.root / ".sightline"]
        found: dict[str, object] = {}
        for path in sorted(p for place in places for p in [place, *place.rglob("*")]):
            held = os.readlink(path) if path.is_symlink() else path.is_file() and path.read_bytes()
            found[str(path)] = (held, path.lstat().st_mode)
        return found


def lay(base: Path) -> Trap:
    """Build the trap below ``base``."""
    root, outside, ours = base / "tree", base / "outside", base / "ours"
    for directory in (root / "src" / "deep", outside / "inner", ours / "data", root / ".sightline"):
        directory.mkdir(parents=True)
    (outside / "secret.txt").write_text(SECRET)
    (outside / "inner" / "secret.txt").write_text(SECRET)
    (ours / "config.yaml").write_text(OURS)
    (ours / "data" / "session").write_text(OURS)
    (root / ".sightline" / "config.yaml").write_text(OURS)
    _plain_files(root)
    _links(root, outside)
    os.link(ours / "config.yaml", root / "hard.txt")
    os.link(ours / "data" / "session", root / "hard-deep.txt")
    return Trap(root, outside, ours)


def _plain_files(root: Path) -> None:
    (root / "notes.txt").write_text("one\ntwo\nthree\n")
    (root / "src" / "a.py").write_text("def run():\n    return 1\n")
    (root / "src" / "deep" / "b.py").write_text("# deep\n")
    (root / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (root / "blob.bin").write_bytes(bytes(range(256)) * 4)
    (root / "latin.txt").write_bytes("caf\xe9\n".encode("latin-1"))
    (root / "bom.txt").write_bytes(b"\xef\xbb\xbfmarked\n")
    (root / "steering.txt").write_text("\x1b]0;title\x07\u202egnirts\n")
    (root / "new\nline.txt").write_text("odd name\n")
    (root / "end ").write_text("a blank at the end\n")
    (root / "as").write_text("a" * 40 + "!\n" + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n")
    (root / ".env").write_text(f"PASSWORD={PASSWORD}\n")
    (root / ".env.local").write_text(f"PASSWORD={PASSWORD}\n")
    (root / ".env.example").write_text("PASSWORD=\n")
    (root / ".netrc").write_text(f"machine x password {PASSWORD}\n")
    for directory in (".ssh", ".aws", ".git"):
        (root / directory).mkdir()
    (root / ".ssh" / "config").write_text(f"# {PASSWORD}\n")
    (root / ".aws" / "credentials").write_text(f"secret = {PASSWORD}\n")
    (root / ".git" / "config").write_text(f"url = https://me:{PASSWORD}@host/\n")
    (root / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (root / "server.pem").write_text(PRIVATE_KEY)
    with (root / "huge.log").open("wb") as file:
        file.truncate(1 << 40)
    os.mkfifo(root / "pipe")
    _socket_at(root / "plug")


def _links(root: Path, outside: Path) -> None:
    for name, target in {
        "in.txt": "notes.txt",
        "in_dir": "src",
        "in_absolute": str(root / "src"),
        "in_roundabout": "src/deep/../a.py",
        "out.txt": "../outside/secret.txt",
        "out_absolute.txt": str(outside / "secret.txt"),
        "out_dir": "../outside",
        "out_and_back": "../tree/notes.txt",
        "chain1": "chain2",
        "chain2": "src/chain3",
        "src/chain3": "../../outside/secret.txt",
        "src/deep/sly": "../../../outside",
        "loop": "pool",
        "pool": "loop",
        "self": "self",
        "self_dir": "self_dir/x",
        "nowhere": "missing/../notes.txt",
        "dangling": "not-made.txt",
        "dangling_out": "../outside/made.txt",
        "zero": "/dev/zero",
        "terminal": "/dev/tty",
        "environ": "/proc/self/environ",
        "passwd": "/etc/passwd",
        "to_env": ".env",
        "to_ours": ".sightline/config.yaml",
        ".git_link": ".git",
    }.items():
        (root / name).symlink_to(target)


def _socket_at(path: Path) -> None:
    """A socket in the file system; its path may be longer than a socket address takes."""
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(path.parent)
        with socket.socket(socket.AF_UNIX) as plug:
            plug.bind(path.name)
    finally:
        os.fchdir(here)
        os.close(here)


async def call(toolbox: Toolbox, tool: str, **arguments: Json) -> ToolResult:
    """One call as a model makes it."""
    return await toolbox.run(ToolCall("c", tool, json.dumps(arguments)))


async def asked(toolbox: Toolbox, tool: str, **arguments: Json) -> Ask:
    """The question of one call; it must not fail."""
    ask = await toolbox.ask(ToolCall("c", tool, json.dumps(arguments)))
    assert isinstance(ask, Ask), ask
    return ask


def texts(result: ToolResult) -> str:
    """Everything a result says anywhere."""
    return result.text + (result.full or "")


def raw(tool: str, arguments: Mapping[str, Json] | str) -> ToolCall:
    """A call with any arguments."""
    return ToolCall("c", tool, arguments if isinstance(arguments, str) else json.dumps(arguments))
