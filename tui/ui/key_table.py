"""Keys that belong to one place of the screen, as data: the prompt, the transcript, the form that asks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlaceKey:
    """A key that works while its place has the focus."""

    shown: str
    """How the key is written, such as ``^J``."""
    does: str
    id: str = ""
    """The binding it is rebound by; empty where the key is fixed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the screen with keys of its own."""

    title: str
    keys: tuple[PlaceKey, ...]


PLACES: tuple[Place, ...] = (
    Place(
        "Prompt",
        (
            PlaceKey("Enter", "send; while an answer runs: queue"),
            PlaceKey(
                "^J  ·  ⇧Enter", "new line (⇧Enter where the terminal tells it apart)", "prompt.newline"
            ),
            PlaceKey("\\ Enter", "new line as well"),
            PlaceKey("↑ ↓", "earlier prompts, from the first and last line; ↑ takes a queued prompt back"),
            PlaceKey("Tab", "complete a slash command; else move to the transcript"),
            PlaceKey("@", "pick a file to attach; dropping or pasting a path attaches it as well"),
            PlaceKey("⌫", "on an empty prompt: take the last attached file away"),
            PlaceKey("^D", "quit, when the prompt is empty", "prompt.quit"),
            PlaceKey("^X ^E", "write the prompt in $VISUAL or $EDITOR"),
            PlaceKey("^_", "undo", "prompt.undo"),
            PlaceKey("^Y", "redo", "prompt.redo"),
            PlaceKey("PgUp  PgDn", "scroll the transcript"),
        ),
    ),
    Place(
        "Transcript",
        (
            PlaceKey("↑  k", "the block before", "transcript.previous"),
            PlaceKey("↓  j", "the next block", "transcript.next"),
            PlaceKey("Enter  Space", "fold or unfold the block; on a failure: retry", "transcript.fold"),
            PlaceKey("e", "edit the prompt; sending it makes a fork", "transcript.edit"),
            PlaceKey("r", "ask for another answer, a fork; on a failure: retry", "transcript.again"),
            PlaceKey("o", "on a failure another model may not meet: choose one"),
            PlaceKey("[", "the version before of a prompt or an answer", "transcript.flip-back"),
            PlaceKey("]", "its next version", "transcript.flip"),
            PlaceKey("{", "the prompt before", "transcript.prompt-before"),
            PlaceKey("}", "the next prompt", "transcript.prompt-after"),
            PlaceKey("n", "the next match of what is looked for", "transcript.match-after"),
            PlaceKey("N", "the match before", "transcript.match-before"),
            PlaceKey("w", "the request behind it, in the exchange viewer", "transcript.wire"),
            PlaceKey("y", "copy the block", "transcript.copy"),
            PlaceKey("Y", "copy the whole message", "transcript.copy-message"),
            PlaceKey("PgUp", "a screen up", "transcript.page-up"),
            PlaceKey("PgDn", "a screen down", "transcript.page-down"),
            PlaceKey("Home  g", "the first row", "transcript.top"),
            PlaceKey("End  G", "the last row, and follow it", "transcript.end"),
            PlaceKey("Tab  ·  Esc", "back to the prompt; so does typing"),
        ),
    ),
    Place(
        "The form that asks before a tool runs",
        (
            PlaceKey("y", "run it, once", "approval.once"),
            PlaceKey("s", "run it, and what the same yes covers, this session", "approval.session"),
            PlaceKey("n", "no, with a reason the model reads", "approval.no"),
            PlaceKey("N", "no, for the whole session", "approval.never"),
            PlaceKey("a", "run all that wait, once", "approval.all"),
            PlaceKey("←", "the call before, where several wait", "approval.previous"),
            PlaceKey("→", "the next call", "approval.next"),
            PlaceKey("v", "a taller form, and a lower one again", "approval.tall"),
            PlaceKey("↑ ↓  Home  End", "scroll what is asked"),
            PlaceKey("PgUp  PgDn", "scroll what is asked, where all of it is seen the transcript"),
            PlaceKey("Tab", "to the form, and back to the prompt"),
        ),
    ),
    Place(
        "The form that asks before a limit on spending is broken",
        (
            PlaceKey("y", "go on: the call goes out", "budget.once"),
            PlaceKey("r", "raise the limit to the sum that is shown", "budget.raise"),
            PlaceKey("n", "stop here; /retry goes on later", "budget.stop"),
            PlaceKey("Tab", "to the form, and back to the prompt"),
            PlaceKey("PgUp  PgDn", "scroll the transcript"),
        ),
    ),
)
"""Every key of a place, in the order the help shows them; a dialog names its keys in its own last line."""

REBINDABLE = frozenset(key.id for place in PLACES for key in place.keys if key.id)
"""Ids of the keys above that a configuration may change."""
