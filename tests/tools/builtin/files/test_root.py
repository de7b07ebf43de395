"""For any path text what is opened lies within the root, also while links are swapped underneath."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.builtin.trees import SECRET, Trap, call, lay
from tui.chat.parts import Json
from tui.tools.builtin.files import root
from tui.tools.builtin.files.handles import Directory
from tui.tools.builtin.files.reading import text_bytes
from tui.tools.builtin.files.root import Root
from tui.tools.toolbox import ToolError


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Trap:
    return lay(tmp_path_factory.mktemp("trap"))


@contextmanager
def opened_paths() -> Iterator[list[str]]:
    """The real path of everything the tools open."""
    paths: list[str] = []
    real = os.open

    def noted(*args: Any, **named: Any) -> int:
        handle = real(*args, **named)
        paths.append(os.path.realpath(f"/proc/self/fd/{handle}"))
        return handle

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "open", noted)
        yield paths


NAMES = sorted(
    {
        "..",
        ".",
        "",
        "~",
        "a\0b",
        "\ud800",
        "x" * 300,
        "...",
        ".. ",
        "..\\",
        "\u2025",
        "missing",
        "proc",
        "etc",
    }
    | {
        "notes.txt",
        "src",
        "a.py",
        "deep",
        "b.py",
        "in_dir",
        "in_roundabout",
        "in_absolute",
        "out_dir",
        "secret.txt",
    }
    | {
        "out.txt",
        "out_absolute.txt",
        "out_and_back",
        "chain1",
        "chain3",
        "sly",
        "loop",
        "self_dir",
        "dangling_out",
    }
    | {
        "hard.txt",
        ".sightline",
        "config.yaml",
        ".ssh",
        ".env",
        "zero",
        "environ",
        "pipe",
        "inner",
        "outside",
        "tree",
    }
)
paths = st.one_of(
    st.text(max_size=60),
    st.builds(
        lambda start, names, joint: start + joint.join(names),
        st.sampled_from(["", "/", "./", "ROOT/", "ROOT", "OUTSIDE/", "//", "ROOT/../"]),
        st.lists(st.sampled_from(NAMES) | st.text(max_size=3), max_size=6),
        st.sampled_from(["/", "//", "/./", "\\"]),
    ),
)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what a descriptor is, is read from /proc")
@given(text=paths, writing=st.booleans())
def test_nothing_outside_is_ever_opened(trap: Trap, text: str, writing: bool) -> None:
    text = text.replace("ROOT", str(trap.root)).replace("OUTSIDE", str(trap.outside))
    with opened_paths() as opened:
        says = "fine"
        try:
            with Root(trap.root, (trap.ours, trap.root / ".sightline")).spot(text, writing=writing) as spot:
                assert Path(os.path.realpath(trap.root.joinpath(*spot.names))).is_relative_to(trap.root)
                if not writing:
                    assert SECRET.encode() not in text_bytes(spot)
        except ToolError as error:
            says = str(error)
    assert says.isprintable()
    assert all(Path(path).is_relative_to(trap.root) for path in opened)


steps = st.sampled_from(["a", "b", "c", "d", "e", ".."])
targets = st.lists(steps, min_size=1, max_size=4).map("/".join)


@given(
    links=st.dictionaries(
        st.tuples(st.sampled_from(["", "a/", "a/b/", "c/"]), st.sampled_from(["d", "e", "f"])),
        st.tuples(st.sampled_from(["", "", "{root}/", "{alias}/", "{outside}/"]), targets),
        max_size=5,
    ),
    asked=st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f"]), min_size=1, max_size=5),
)
def test_links_lead_where_the_system_would_lead_or_nowhere(
    tmp_path_factory: pytest.TempPathFactory, links: dict[tuple[str, str], tuple[str, str]], asked: list[str]
) -> None:
    base = Path(os.path.realpath(tmp_path_factory.mktemp("links", numbered=True)))
    top = base / "root"
    for directory in ("root/a/b", "root/c", "outside/a/b"):
        (base / directory).mkdir(parents=True)
    (base / "alias").symlink_to("root")
    for where, (start, target) in links.items():
        prefix = start.format(root=top, alias=base / "alias", outside=base / "outside")
        (top / "".join(where)).symlink_to(prefix + target)
    try:
        with Root(top).spot("/".join(asked)) as spot:
            found = None if spot.entry is None else top.joinpath(*spot.names)
    except ToolError:
        return
    if found is not None:
        assert str(found) == os.path.realpath(top.joinpath(*asked), strict=True)
        assert found.is_relative_to(top)
    else:
        assert not os.path.exists(top.joinpath(*asked))


def test_what_a_link_within_means_is_found(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").write_text("here")
    (tmp_path / "a" / "up").symlink_to("../a/b/../b")
    (tmp_path / "two").symlink_to("a/up")
    with Root(tmp_path).spot("two/file") as spot:
        assert spot.names == ("a", "b", "file")
        assert text_bytes(spot) == b"here"


def test_a_root_that_is_a_link_takes_absolute_paths_in_both_spellings(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "file").write_text("here")
    (tmp_path / "alias").symlink_to("real")
    tools = Root(tmp_path / "alias")
    for text in ("file", f"{tmp_path}/alias/file", f"{tmp_path}/real/file"):
        with tools.spot(text) as spot:
            assert spot.names == ("file",)


def test_a_root_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="went away"), Root(tmp_path / "gone").spot("x"):
        pass


@pytest.mark.parametrize(
    "path", ["proc/self/environ", "proc/1/mem", "dev/zero", "dev/tty", "sys/kernel/profiling"]
)
async def test_the_running_system_is_no_file_even_with_the_root_at_the_top(path: str) -> None:
    with pytest.raises(ToolError, match="belongs to the running system"), Root(Path("/")).spot(path):
        pass


def test_devices_are_told_wherever_they_are() -> None:
    with pytest.raises(ToolError, match="null is a device, not a file"):
        root.refuse_special(os.stat("/dev/null"), "null")


def test_names_are_taken_as_the_file_system_spells_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On file systems that take case lightly; here one is played by looking names up that way."""
    (tmp_path / "Private").mkdir()
    (tmp_path / "Private" / "Notes.txt").write_text("x")
    look, child = Directory.look, Directory.child

    def spelled(directory: Directory, name: str) -> str:
        return next((e.name for e in directory.entries(100) if e.name.lower() == name.lower()), name)

    monkeypatch.setattr(root, "_LOOSE_NAMES", True)
    monkeypatch.setattr(Directory, "look", lambda self, name: look(self, spelled(self, name)))
    monkeypatch.setattr(Directory, "child", lambda self, name: child(self, spelled(self, name)))
    assert Root(tmp_path).subject("pRIVATE/nOTES.txt") == "Private/Notes.txt"
    ruled = Root(tmp_path, denied=lambda path: path.startswith("Private/"))
    with pytest.raises(ToolError, match="a rule of the user"), ruled.spot("PRIVATE/notes.TXT"):
        pass


@pytest.mark.parametrize("tool", ["read_file", "edit_file", "write_file", "list_files", "search_files"])
@pytest.mark.parametrize("name", ["kept", "kept/file.txt"])
async def test_what_is_swapped_for_a_link_after_it_was_looked_at_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str, name: str
) -> None:
    """The worst moment of all: between the look at a name and the opening of it."""
    top, outside = tmp_path / "root", tmp_path / "outside"
    for directory in (top / "kept", outside):
        directory.mkdir(parents=True)
        (directory / "file.txt").write_text("inside" if directory.parent == top else SECRET)
    look = Directory.look

    def swap_after(self: Directory, looked_at: str) -> os.stat_result | None:
        entry = look(self, looked_at)
        if looked_at == name.rpartition("/")[2] and not (tmp_path / "aside").exists():
            os.rename(top / name, tmp_path / "aside")
            (top / name).symlink_to(tmp_path / "outside" / name.partition("/")[2])
        return entry

    monkeypatch.setattr(Directory, "look", swap_after)
    every: dict[str, dict[str, Json]] = {
        "read_file": {"path": "kept/file.txt"},
        "edit_file": {"path": "kept/file.txt", "old": "S", "new": "changed", "all": True},
        "write_file": {"path": "kept/file.txt", "content": "written\n"},
        "list_files": {"path": "kept"},
        "search_files": {"text": "S"},
    }
    result = await call(Trap(top, outside, tmp_path / "ours").toolbox(), tool, **every[tool])
    assert (tmp_path / "aside").exists()
    assert SECRET not in result.text
    assert (outside / "file.txt").read_text() == SECRET
    assert os.listdir(outside) == ["file.txt"]


@pytest.fixture
def swapping(tmp_path: Path) -> Iterator[Path]:
    """A root in which ``swap`` is a directory one moment and a link out the next."""
    base = tmp_path
    (base / "outside").mkdir()
    (base / "outside" / "file.txt").write_text(SECRET)
    top = base / "root"
    (top / "kept").mkdir(parents=True)
    (top / "kept" / "file.txt").write_text("inside")
    (base / "link").symlink_to(base / "outside")
    (top / "swap").mkdir()
    (top / "swap" / "file.txt").write_text("inside")
    done = threading.Event()

    def swap() -> None:
        while not done.is_set():
            os.rename(top / "swap", top / "aside")
            os.rename(base / "link", top / "swap")
            os.rename(top / "swap", base / "link")
            os.rename(top / "aside", top / "swap")

    thread = threading.Thread(target=swap)
    thread.start()
    yield top
    done.set()
    thread.join()


async def test_a_directory_swapped_for_a_link_lets_nothing_out(swapping: Path) -> None:
    box = Trap(swapping, swapping, swapping / "ours").toolbox()
    read = wrote = refused = 0
    for _ in range(20_000):
        result = await call(box, "read_file", path="swap/file.txt")
        assert SECRET not in result.text
        read += "inside" in result.text
        refused += "over a link out" in result.text or "changed while" in result.text
        # An edit makes no directories, so the swapping thread always finds the name free.
        result = await call(box, "edit_file", path="swap/file.txt", old="inside", new="inside.")
        wrote += not result.is_error
        refused += "over a link out" in result.text or "changed while" in result.text
        if min(read, refused, wrote) >= 20:
            break
    assert min(read, refused, wrote) >= 20
    assert sorted(os.listdir(swapping.parent / "outside")) == ["file.txt"]
    assert (swapping.parent / "outside" / "file.txt").read_text() == SECRET
    listed = await call(box, "search_files", text="outside")
    assert SECRET not in listed.text
