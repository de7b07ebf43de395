"""What the README promises is what runs."""

import re
from pathlib import Path

from tui.cli import args
from tui.sim.steering import WORDS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _shell_blocks() -> list[str]:
    return re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


def test_ci_calls_the_test_command_word_for_word() -> None:
    command = next(
        line for block in _shell_blocks() for line in block.splitlines() if line.endswith("-m pytest")
    )
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_command_line_shown_is_understood() -> None:
    shown = [line.split("#")[0].split("|")[0] for block in _shell_blocks() for line in block.splitlines()]
    calls = [line.split("sightline", 1)[1] for line in shown if re.match(r"sightline \w", line)]
    assert len(calls) >= 5
    for call in calls:
        words = [w.strip('"') for w in re.findall(r'"[^"]*"|\S+', call)]
        assert args.parse(words).command


def test_what_it_links_to_is_there() -> None:
    targets = [t for t in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in t]
    assert targets
    assert [t for t in targets if not (ROOT / t).exists()] == []


def test_no_committed_file_names_a_registry_or_is_a_lock_file() -> None:
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert all(re.fullmatch(r"#.*|[A-Za-z0-9_.-]+==[A-Za-z0-9.]+", line) for line in constraints.splitlines())
    assert not [f for f in ROOT.iterdir() if f.name in ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml")]


def test_every_word_that_steers_the_simulated_models_is_documented() -> None:
    page = (ROOT / "docs" / "simulated-gateway.md").read_text(encoding="utf-8")
    assert [word for word in WORDS if f"| `{word}` |" not in page] == []
