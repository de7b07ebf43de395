"""Findings that others know beside those who make them: a screen that tells of them again needs no more."""

from __future__ import annotations

from tui.chat.finding import Finding

PIN_REFUSED = "key-model-refused"
"""The class of the finding that the key may not call the deployment whose seals are held."""
EMPTY_ANSWER = Finding(
    "empty-message",
    "The answer ended well and holds nothing; on /v1/chat/completions a proxy can hide a broken vendor so.",
    mend="ask again, or look at the proxy's log",
)
