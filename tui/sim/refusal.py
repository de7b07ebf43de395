"""The ways a simulated vendor ends a call other than by answering it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Refusal(Exception):
    """The vendor answers with an error status; ``body`` is JSON in that vendor's own shape."""

    status: int
    body: dict[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.status}: {self.body}"


@dataclass(eq=False)
class Page(Exception):
    """Something between client and vendor answers 200 with an HTML page instead."""

    html: str


@dataclass(eq=False)
class Broken(Exception):
    """The stream breaks off inside an event, without the end of the HTTP body.

    ``whole_way``: the connection to the client breaks too, as if the proxy itself had died; otherwise
    only the vendor's side broke, which a proxy reports in an orderly manner.
    """

    whole_way: bool = True
