"""docs/architecture.md knows every room and every dependency; what the pages link to is there."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
HOUSE = (DOCS / "architecture.md").read_text(encoding="utf-8")


def test_every_room_is_named() -> None:
    package = ROOT / "tui"
    rooms = [f"{p.name}/" for p in package.iterdir() if (p / "__init__.py").exists()]
    rooms += [p.name for p in package.glob("*.py") if p.name != "__init__.py"]
    assert len(rooms) > 20
    assert [room for room in rooms if f"`{room}`" not in HOUSE] == []


def test_no_room_is_named_that_is_not_there() -> None:
    table = HOUSE.split("## Rooms")[1].split("\n\n**")[0]
    rooms = [
        room
        for row in re.findall(r"^\| [^|]+ \| ([^|]+) \|", table, re.MULTILINE)
        for room in re.findall(r"`([^`]+\.py|[^`]+/)`", row)
    ]
    assert rooms
    assert [room for room in rooms if not (ROOT / "tui" / room).exists()] == []


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = HOUSE.split("## Dependencies")[1].split("\n## ")[0]
    extras = project["optional-dependencies"]
    ours = [*project["dependencies"], *extras["otel"]]
    wanted = [*ours, *extras["dev"]]
    names = [re.split(r"[<>=~!]", line)[0] for line in wanted]
    assert [name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", named)] == []
    rows = re.findall(r"^\| ([a-z0-9, -]+) \| ", named, re.MULTILINE)
    told = {name for row in rows for name in row.split(", ")} - {"package"}
    runtime = {re.split(r"[<>=~!]", line)[0] for line in ours}
    assert told == runtime


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda p: p.stem)
def test_what_a_page_links_to_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        path, _, heading = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        if heading:
            titles = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles}, target
