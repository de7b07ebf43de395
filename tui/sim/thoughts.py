"""What a simulated model thinks: plausible reasoning about the prompt at hand."""

from __future__ import annotations

import random

from tui.sim.beats import Call, Scene
from tui.sim.prose import HOSTILE, one_line, topic_of

_READINGS = (
    'The user writes: "{prompt}". Let me make sure I understand what is wanted before I answer.',
    'So the request is "{prompt}". First: what would a useful answer look like here?',
    'Reading this again: "{prompt}". The literal question is clear; the intent behind it matters more.',
)
_WEIGHING = (
    "There are two ways to go about {topic}. One is a short answer that is easy to check; the other is "
    "thorough "
    "and easy to get lost in. I lean towards the short one, with the structure visible.",
    "What do I know about {topic} for certain, and what am I guessing? I should keep the two apart and "
    "say so "
    "where it matters.",
    "A common mistake with {topic} is to start from the solution. Better: name the goal, then the constraint "
    "that hurts most, then what follows from both.",
    "I could open with a definition of {topic}, but the reader probably has one. An example does more work.",
)
_DOUBTS = (
    "Wait, is that right? If the assumption fails, the conclusion goes with it. But the assumption is "
    "stated in "
    "the question, so it holds.",
    "Let me check the edge: an empty input, a very large one, and the one nobody thinks of. All three "
    "are fine.",
    "Hmm, a table might be clearer than prose for the comparison. I will use one if there are three "
    "rows or more.",
    "I should not overstate this. Two sentences of caveat at the end are enough.",
)
_CLOSINGS = (
    "Good. I will answer in that order and keep it short.",
    "That settles it: structure first, then one example, then the caveat.",
    "I have what I need. Writing it down now.",
)


def about(scene: Scene, rng: random.Random, calls: tuple[Call, ...]) -> str:
    """The first stretch of thinking of a step: about the prompt, or about results that came in."""
    if scene.says(r"\bhostile\b"):
        return f"Thinking in disguise. {HOSTILE}"
    if calls:
        return _before_calls(scene, rng, calls)
    if scene.results:
        return _after_results(scene)
    fill = {"prompt": one_line(scene.prompt, 160), "topic": topic_of(scene.prompt)}
    sentences = [rng.choice(_READINGS), rng.choice(_WEIGHING)]
    if rng.random() < 0.7:
        sentences.append(rng.choice(_DOUBTS))
    sentences.append(rng.choice(_CLOSINGS))
    return "\n\n".join(s.format_map(fill) for s in sentences)


def second(scene: Scene, rng: random.Random) -> str:
    """A further stretch of thinking."""
    topic = topic_of(scene.prompt)
    return f"On second thought about {topic}: {rng.choice(_DOUBTS)}\n\n{rng.choice(_CLOSINGS)}"


def _before_calls(scene: Scene, rng: random.Random, calls: tuple[Call, ...]) -> str:
    wanted = " and ".join(f"`{c.name}` with {c.arguments}" for c in calls)
    opening = rng.choice(_READINGS).format(prompt=one_line(scene.prompt, 160))
    if scene.results:
        last = scene.results[-1]
        opening = (
            f"`{last.name}` says {one_line(last.text, 80)}. That is one part; something is still missing."
        )
    how = "They do not depend on each other, so both at once." if len(calls) > 1 else "One call will do."
    return f"{opening}\n\nI should not do this in my head. I will call {wanted}. {how}"


def _after_results(scene: Scene) -> str:
    lines = [
        f"- `{r.name}` {'failed: ' if r.is_error else 'answered: '}{one_line(r.text, 120)}"
        for r in scene.results
    ]
    listed = "\n".join(lines)
    failed = any(r.is_error for r in scene.results)
    judged = (
        "Not everything worked; I must say so plainly and not invent the missing value."
        if failed
        else "These fit together and answer the question. A quick plausibility check: the magnitude is right."
    )
    return f"The tools have answered:\n\n{listed}\n\n{judged}"
