"""Pieces of Markdown a simulated model makes its answers of: paragraphs, lists, tables, code, quotes."""

from __future__ import annotations

import random
from collections.abc import Callable

_CLAIMS = (
    "what looks like one problem is usually two that share a symptom",
    "the cheap check comes first, because it rules out half of the causes",
    "a measurement beats an opinion, even a rough one taken in a hurry",
    "names matter: once a thing has one, people stop talking past each other",
    "the simplest version that could work is worth having before any other",
    "state that can be computed again should not be stored",
    "the reader of the code is more patient than the reader of the log",
    "an interface is a promise, and promises are cheaper to keep than to change",
)
_NOUNS = ("the input", "the boundary", "the cache", "the budget", "the history", "the fallback", "the clock")
_VERBS = ("check", "measure", "write down", "isolate", "replay", "simplify", "compare")
_HEADINGS = (
    "what is going on",
    "the part that matters",
    "a worked example",
    "where it goes wrong",
    "what to do next",
    "numbers",
    "an aside",
)
_QUOTES = (
    "Make it work, then make it clear; making it fast is often a by-product.",
    "The map is not the territory, but it is easier to fold.",
    "Every cache is a bet that the past resembles the future.",
    "Good fences make good modules.",
)
_PYTHON = (
    '''```python
from collections import Counter


def most_common(words: list[str], n: int = 3) -> list[tuple[str, int]]:
    """The n most frequent words, most frequent first."""
    return Counter(w.lower() for w in words).most_common(n)


print(most_common("the quick the lazy the dog".split()))
```''',
    """```python
import asyncio


async def ticks(count: int):
    for n in range(count):
        yield n
        await asyncio.sleep(0.1)  # let others run


async def main() -> None:
    async for n in ticks(3):
        print(f"tick {n}")


asyncio.run(main())
```""",
    """```python
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float = 0.0
    tags: tuple[str, ...] = field(default_factory=tuple)

    def __add__(self, other: "Point") -> "Point":
        return Point(self.x + other.x, self.y + other.y)
```""",
)
_JSON = (
    """```json
{
  "topic": "{topic}",
  "steps": [
    {"id": 1, "what": "measure", "done": true},
    {"id": 2, "what": "compare", "done": false}
  ],
  "confidence": 0.73,
  "notes": null
}
```""",
)
_BASH = (
    """```bash
#!/usr/bin/env bash
set -euo pipefail

for file in *.log; do
  printf '%s\\t%s\\n' "$file" "$(grep -c ERROR "$file" || true)"
done | sort -k2 -nr | head -5
```""",
    """```bash
curl -sN http://127.0.0.1:4000/v1/messages \\
  -H "authorization: Bearer $KEY" -H 'anthropic-version: 2023-06-01' \\
  -d '{"model": "smart", "max_tokens": 500, "stream": true,
       "messages": [{"role": "user", "content": "hello"}]}'
```""",
)


def heading(rng: random.Random) -> str:
    """The words of a heading, without marks."""
    return rng.choice(_HEADINGS)


def _paragraph(rng: random.Random, topic: str) -> str:
    first, second = rng.sample(_CLAIMS, 2)
    noun = rng.choice(_NOUNS)
    return (
        f"With {topic}, {first}. That is why I would {rng.choice(_VERBS)} **{noun}** early: {second}. "
        f"A `{rng.choice(_VERBS).split()[0]}()` in the right place *often* settles the matter."
    )


def _nested(rng: random.Random, topic: str) -> str:
    nouns = rng.sample(_NOUNS, 3)
    lines = [f"### {heading(rng).capitalize()}", ""]
    for noun in nouns:
        lines.append(f"- **{noun.capitalize()}**: {rng.choice(_CLAIMS)}")
        for _ in range(rng.randint(0, 2)):
            lines.append(f"  - {rng.choice(_VERBS)} it against {rng.choice(_NOUNS)}")
            if rng.random() < 0.3:
                lines.append(f"    - and once more for {topic}")
    return "\n".join(lines)


def _steps(rng: random.Random, topic: str) -> str:
    verbs = rng.sample(_VERBS, 4)
    lines = [f"{i}. {v.capitalize()} {rng.choice(_NOUNS)}." for i, v in enumerate(verbs, 1)]
    return f"To make progress on {topic}:\n\n" + "\n".join(lines)


def _table(rng: random.Random, topic: str) -> str:
    rows = [
        f"| {noun} | {rng.randint(1, 99)} % | {rng.choice(('low', 'medium', 'high'))} | "
        f"`{rng.choice(_VERBS)}` |"
        for noun in rng.sample(_NOUNS, rng.randint(3, 5))
    ]
    head = f"| {topic} | share | risk | do |\n|:---|---:|:---:|---|"
    return "\n".join([head, *rows])


def _quote(rng: random.Random, topic: str) -> str:
    return f"> {rng.choice(_QUOTES)}\n>\n> *somebody, about {topic}*"


def _tasks(rng: random.Random, topic: str) -> str:
    lines = [f"- [{rng.choice(' x')}] {rng.choice(_VERBS)} {noun}" for noun in rng.sample(_NOUNS, 3)]
    return f"#### Checklist for {topic}\n\n" + "\n".join(lines)


def _code(rng: random.Random, topic: str) -> str:
    return rng.choice((*_PYTHON, *_JSON, *_BASH)).replace("{topic}", topic)


KINDS: dict[str, Callable[[random.Random, str], str]] = {
    "paragraph": _paragraph,
    "list": _nested,
    "steps": _steps,
    "table": _table,
    "quote": _quote,
    "tasks": _tasks,
    "code": _code,
    "python": lambda rng, _topic: rng.choice(_PYTHON),
    "json": lambda rng, topic: rng.choice(_JSON).replace("{topic}", topic),
    "bash": lambda rng, _topic: rng.choice(_BASH),
}
"""Makers of one piece of Markdown each, by kind."""

ASKED_FOR: dict[str, str] = {
    "python": r"\bpython\b|\bfunction\b",
    "json": r"\bjson\b",
    "bash": r"\bbash\b|\bshell\b|\bscript\b|\bcurl\b",
    "code": r"\bcode\b",
    "table": r"\btable\b|\bcompare\b|\bversus\b|\bvs\b",
    "list": r"\blist\b|\bpoints\b",
    "steps": r"\bsteps?\b|\bhow (?:do|to|can)\b",
    "quote": r"\bquotes?\b",
    "tasks": r"\bchecklist\b|\btasks?\b|\btodo\b",
    "paragraph": r"\bexplain\b|\bwhy\b",
}
"""Which words of a prompt ask for which kind."""
