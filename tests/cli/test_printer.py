"""The order of lines for people, with thinking between texts and errors in the middle."""

import io

import pytest

from tui.chat.events import Event, Observed, PartDelta, PartFinished, PartStarted, TurnFailed
from tui.chat.finding import Finding
from tui.chat.parts import Origin, Reasoning, Text
from tui.cli.printer import Printer
from tui.errors import CallFailed

ORIGIN = Origin("messages", "anthropic", "claude-opus-4-5")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def part(index: int, kind: str, text: str) -> list[Event]:
    started = PartStarted(0.0, index, kind)  # type: ignore[arg-type]
    delta = PartDelta(0.0, index, kind, text)  # type: ignore[arg-type]
    done = Text(text) if kind == "text" else Reasoning(text, "unsigned", None)
    return [started, delta, PartFinished(0.0, index, done)]


EVENTS: list[Event] = [
    *part(0, "text", "before"),
    *part(1, "thinking", "hm\nhm"),
    *part(2, "text", "after"),
    PartStarted(0.0, 3, "thinking"),
    PartDelta(0.0, 3, "thinking", "and then"),
    TurnFailed(0.0, CallFailed("it broke", "line one\nline two", hint="mend it")),
]


def test_every_kind_of_text_has_lines_of_its_own() -> None:
    screen = Terminal()
    printer = Printer(screen, screen, quiet=False)
    for event in EVENTS:
        printer.show(event)
    assert screen.getvalue().splitlines() == [
        "before",
        "· thinking: hm",
        "hm",
        "after",
        "· thinking: and then",
        "it broke: line one⏎line two",
        "hint: mend it",
    ]


@pytest.mark.parametrize("err", [io.StringIO(), Terminal()], ids=["piped", "quiet"])
def test_piped_or_quiet_only_the_answer_and_the_error_are_left(err: io.StringIO) -> None:
    out = io.StringIO()
    printer = Printer(out, err, quiet=True)
    for event in EVENTS:
        printer.show(event)
    # The texts of one step are one text, as in the turn's event.
    assert out.getvalue() == "beforeafter\n"
    assert err.getvalue() == "it broke: line one⏎line two\nhint: mend it\n"


def test_what_is_odd_about_who_answers_is_told_once() -> None:
    screen = Terminal()
    printer = Printer(screen, screen, quiet=False)
    odd = Observed(0.0, (Finding("fallback", "The proxy fell\x1b[2J back."),))
    for event in (odd, *part(0, "text", "before"), odd):
        printer.show(event)
    assert screen.getvalue() == "· The proxy fell␛[2J back.\nbefore"
    piped = io.StringIO()
    Printer(io.StringIO(), piped, quiet=False).show(odd)
    assert piped.getvalue() == ""
