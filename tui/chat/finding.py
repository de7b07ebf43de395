"""What a check says about a request before it is sent, or about an answer after it came."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark: its class, where it applies, the sentence, and how to mend it."""

    cls: str
    says: str
    path: str = ""
    """Place in the request such as ``messages.3``; empty when it is about the whole."""
    mend: str = ""
    fatal: bool = False
    """The vendor is known to refuse the request."""
