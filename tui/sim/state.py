"""What one simulated gateway remembers: its settings, what it received, and what it counts."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from tui.sim.ledger import Ledger
from tui.sim.seals import Seals

MASTER_KEY = "sk-simulated"
VERSION = "1.106.2-simulated"


@dataclass(eq=False)
class Exchange:
    """One request a face received, and what became of it."""

    face: str
    """``litellm`` or the vendor's name."""
    path: str
    headers: dict[str, str]
    body: Any
    outcome: str = "open"
    """``open``, ``answered``, ``refused: ...``, ``cut`` or ``cancelled`` (the client went away)."""
    status: int | None = None
    notes: list[str] = field(default_factory=list)
    """What was let pass and yet is worth knowing, such as a dummy in place of a seal."""


@dataclass(eq=False)
class SimState:
    """Settings and memory of one simulated gateway; shared by all its faces."""

    speed: float = 1.0
    """Multiplies every wait; 0 makes all answers instant."""
    seed: int = 0
    master_key: str = MASTER_KEY
    secret: bytes = b"sightline simulated vendors"
    """Keys all seals; fixed by default so that demos repeat and sessions survive a restart."""
    cost_in_stream: bool = False
    """``include_cost_in_streaming_usage`` of the proxy's configuration."""
    ledger: Ledger | None = None
    """The proxy's database; None where it has none, as most small ones."""
    clock: Callable[[], float] = time.monotonic
    exchanges: list[Exchange] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    """Named counters: scenes asked, picks in a group, calls of ``/health``."""
    cooldowns: dict[str, float] = field(default_factory=dict)
    """Deployment id to the moment its cooldown ends."""
    asked: deque[float] = field(default_factory=deque)
    """When Anthropic's face was asked within the last minute."""
    cached: dict[str, float] = field(default_factory=dict)
    """Hashes of request prefixes the prompt cache holds, with the moment they expire."""

    responses: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    """Whole conversations ``/v1/responses`` was allowed to store, by organisation and response id."""

    @property
    def seals(self) -> Seals:
        """What makes and checks the seals of all vendors here."""
        return Seals(self.secret)

    def record(self, face: str, path: str, headers: dict[str, str], body: Any) -> Exchange:
        """Note a request that arrived; the face fills in the outcome."""
        exchange = Exchange(face, path, headers, body)
        self.exchanges.append(exchange)
        return exchange

    def seen(self, face: str) -> list[Exchange]:
        """The requests ``face`` received so far, in order."""
        return [e for e in self.exchanges if e.face == face]

    def count(self, what: str) -> int:
        """Add one to a named counter and give its new value."""
        self.counts[what] += 1
        return self.counts[what]

    def attempt(self, *what: Any) -> int:
        """How often exactly this was asked for, this time included."""
        text = json.dumps(what, sort_keys=True, default=str)
        return self.count(f"attempt {hashlib.sha256(text.encode()).hexdigest()}")


def state_of(request: Request) -> SimState:
    """The state of the gateway a request came to."""
    state = request.app.state.sim
    assert isinstance(state, SimState)
    return state
