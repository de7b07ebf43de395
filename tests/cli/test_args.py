"""The command line refuses what it does not understand, with exit code 2."""

import pytest

from tui.cli import args
from tui.errors import UsageError


def test_no_command_is_the_chat() -> None:
    assert args.parse([]).command is None
    assert args.parse(["--sim"]).sim is True


def test_flags_work_before_and_after_the_command() -> None:
    assert args.parse(["--proxy", "a", "models"]).proxy == "a"
    assert args.parse(["models", "--proxy", "a"]).proxy == "a"
    assert not hasattr(args.parse(["models"]), "proxy")


@pytest.mark.parametrize(("text", "value"), [("off", "off"), ("max", "max"), ("2048", 2048)])
def test_thinking(text: str, value: str | int) -> None:
    assert args.parse(["ask", "--thinking", text, "hi"]).thinking == value


@pytest.mark.parametrize(
    "argv",
    [
        ["ask"],
        ["ask", "--thinking", "much", "hi"],
        ["ask", "--thinking", "0", "hi"],
        ["ask", "--max-tokens", "-1", "hi"],
        ["ask", "--endpoint", "telepathy", "hi"],
        ["ask", "--approve", "maybe", "hi"],
        ["route"],
        ["sim", "--port", "99999"],
        ["doctor"],
        ["--nonsense"],
        ["ask", "--thin", "off", "an abbreviated flag"],
    ],
    ids=" ".join,
)
def test_misuse_exits_with_2(argv: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        args.parse(argv)
    assert caught.value.exit_code == 2
    assert caught.value.hint


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    for flag in ("--version", "--help"):
        with pytest.raises(SystemExit) as caught:
            args.parse([flag])
        assert caught.value.code == 0
        assert "sightline" in capsys.readouterr().out
