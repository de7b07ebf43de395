"""Why a knob is not taken by a route."""

from __future__ import annotations

from dataclasses import dataclass

UNSUPPORTED = "litellm-unsupported-params"
"""Class of findings about parameters that have no class of their own."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason without a full stop, and what to do about it; without that: leave the knob out."""

    why: str
    mend: str = ""
    cls: str = UNSUPPORTED
