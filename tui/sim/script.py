"""The script: what a simulated model does next, as beats that every vendor face can play.

A face turns a request of its dialect into a ``Scene``, asks ``write`` for the beats and plays them
in its own wire format. The same scene always gives the same beats. Words in the prompt steer
what happens; see ``tui.sim.steering``.
"""

from __future__ import annotations

import json
import random
import re

from tui.sim import prose, steering, thoughts
from tui.sim.beats import (
    Beat,
    Call,
    CleanEnd,
    Fail,
    HangUp,
    Hold,
    Offered,
    Pace,
    Pause,
    Refuse,
    Result,
    Say,
    Scene,
    ShowPage,
    Stop,
    StopWord,
    Think,
)
from tui.sim.errands import next_calls
from tui.sim.instances import instance

__all__ = [
    "Beat",
    "Call",
    "CleanEnd",
    "Fail",
    "HangUp",
    "Hold",
    "Offered",
    "Pace",
    "Pause",
    "Refuse",
    "Result",
    "Say",
    "Scene",
    "ShowPage",
    "Stop",
    "StopWord",
    "Think",
    "write",
]

_FAST = 0.12
_SLOW = 6.0


def write(scene: Scene) -> tuple[Beat, ...]:
    """The beats of one answer: ``Refuse`` or ``ShowPage`` alone, else content up to ``Stop`` or a fault."""
    first = steering.before_anything(scene)
    if first is not None:
        return (first,)
    rng = random.Random(f"{scene.seed} {scene.prompt} {scene.turn} {scene.step}")  # noqa: S311 - repeatable
    calls = next_calls(scene)
    beats: list[Beat] = [*_tempo(scene), *_thinking(scene, rng, calls)]
    if calls:
        if rng.random() < 0.5 and not any(isinstance(b, Say) for b in beats):
            beats.append(Say(prose.before_calls(rng, calls)))
        beats += calls
    else:
        beats.append(Say(_answer(scene, rng)))
    return steering.with_ending((*beats, Stop("tool_use" if calls else "end")), scene)


def _tempo(scene: Scene) -> list[Beat]:
    if scene.says(r"\bslow\b"):
        return [Pause(1.0), Pace(_SLOW)]
    if scene.says(r"\blong \d+|\bfast\b"):
        return [Pace(_FAST)]
    return [Pause(0.25)]


def _thinking(scene: Scene, rng: random.Random, calls: tuple[Call, ...]) -> list[Beat]:
    """The stretches of thinking before the answer, with the visible text that stands between them."""
    if not scene.thinks or not (scene.thinks_always or _is_worth_a_thought(scene)):
        return []
    thought = thoughts.about(scene, rng, calls)
    if scene.says(r"\bempty signed\b"):
        return [Think("")]
    beats: list[Beat] = []
    if scene.says(r"\bredacted\b"):
        beats.append(Think(f"(withheld) {thought}", redacted=True))
    beats.append(Think(thought))
    if scene.says(r"\btwo thoughts\b"):
        beats.append(Think(thoughts.second(scene, rng)))
    if scene.says(r"\bthinking-text-thinking\b"):
        beats += [Say(prose.aside(rng)), Think(thoughts.second(scene, rng))]
    return beats


def _is_worth_a_thought(scene: Scene) -> bool:
    return scene.step > 1 or len(scene.prompt.split()) > 2 or steering.is_steered(scene)


def _asks_what_it_sees(scene: Scene) -> bool:
    if scene.says(r"\bdescribe\b"):
        return True
    things = r"\b(?:image|picture|photo|screenshot|document|pdf|attachment)s?\b"
    return bool(scene.media) and scene.says(rf"{things}|\bwhat (?:is|are|do you see)\b")


def _answer(scene: Scene, rng: random.Random) -> str:
    """The visible text of an answer that calls nothing."""
    if scene.schema is not None:
        return json.dumps(instance(scene.schema, prose.topic_of(scene.prompt)), ensure_ascii=False)
    wanted = re.search(r"\blong (\d{1,7})\b", scene.prompt, re.IGNORECASE)
    if wanted:
        return prose.long_answer(rng, prose.topic_of(scene.prompt), int(wanted[1]))
    if scene.says(r"\bhostile\b"):
        return prose.HOSTILE
    if scene.says(r"\bunicode\b"):
        return prose.UNICODE
    shown = prose.described(scene.media) if _asks_what_it_sees(scene) else ""
    if scene.results:
        return "\n\n".join(filter(None, (prose.with_results(scene, rng), shown)))
    if shown:
        return shown
    if scene.says(r"\bwho (?:are|made) you\b|\bwhat are you\b|\bwhich model\b|\byour name\b"):
        return prose.who_am_i(scene)
    if scene.says(r"^\s*(?:help|/help|what can (?:you|i) do.*)\s*\??$|\bsteering words\b"):
        return steering.help_text()
    if not _is_worth_a_thought(scene):
        return prose.greeting(rng, scene)
    return prose.answer(scene, rng)
