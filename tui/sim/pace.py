"""Timing of a simulated model: cuts text into token-like pieces and waits as a real model would."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Iterator

_TOKEN = re.compile(r"\s?[^\W_]{1,7}|\s?[^\w\s]{1,3}|\s+|.", re.DOTALL)
_TOKENS_PER_SECOND = 90.0


def count_tokens(text: str) -> int:
    """About how many tokens ``text`` is; 0 only for empty text."""
    return 0 if not text else max(1, round(len(text) / 4))


def pieces(text: str, seed: int | str = 0) -> Iterator[str]:
    """Cut ``text`` into pieces of one to four token-like bits; joined they are ``text`` again."""
    rng = random.Random(f"pieces {seed}")  # noqa: S311 - repeatable, not secret
    bits = _TOKEN.findall(text)
    at = 0
    while at < len(bits):
        size = rng.choice((1, 1, 2, 2, 3, 4))
        yield "".join(bits[at : at + size])
        at += size


class Pacer:
    """Waits for one answer; ``speed`` 0 never waits, 1 is lifelike, 2 takes twice as long."""

    def __init__(self, speed: float = 1.0, seed: int | str = 0) -> None:
        self.factor = 1.0
        self._speed = speed
        self._rng = random.Random(f"pace {seed}")  # noqa: S311 - repeatable, not secret

    async def after(self, piece: str) -> None:
        """Wait as long as a model would take to make ``piece``."""
        jitter = self._rng.uniform(0.6, 1.5)
        await self.pause(jitter * self.factor * count_tokens(piece) / _TOKENS_PER_SECOND)

    async def pause(self, seconds: float) -> None:
        """Wait ``seconds`` times the speed; at speed 0 only give others a turn."""
        await asyncio.sleep(seconds * self._speed)
