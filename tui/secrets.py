"""What a secret looks like in text, and text without it; pure, for everything that shows or keeps text."""

from __future__ import annotations

import re
from collections.abc import Mapping

MASK = "…"
SHORTEST = 6
"""Characters from which a value is taken for a secret; a shorter one stands in too many words."""
_TELLING = re.compile(r"auth|key|token|secret|pass|cookie|credential", re.IGNORECASE)
"""Names of headers whose values are secrets; a team's name in another header is none."""
_COUNTING = re.compile(r"ratelimit|tokens|spend|budget|limit$", re.IGNORECASE)
"""Names of headers that count something, whatever else they name."""
_SHAPES = (
    (re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{4,}", re.IGNORECASE), r"\1 …"),
    (re.compile(r"\b(sk|rk|pk|gsk|xai|hf|ghp|glpat)([-_])[A-Za-z0-9_*.-]{4,}"), r"\1\2…"),
    (re.compile(r"\bAIza[A-Za-z0-9_-]{8,}"), "AIza…"),
    (re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{8,}"), r"\1…"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_.-]{4,}"), "eyJ…"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "…"),
    (
        re.compile(
            r"(?i)\b(api[-_ ]?key|(?:access|auth|refresh)[-_ ]?token|password|secret)"
            r"(['\"]?\s*[:=]\s*['\"]?)[^\s'\",;}]{6,}"
        ),
        r"\1\2…",
    ),
)
_EDGE = r"(?:\b|(?<=\\[bfnrt]))"
"""Where a word begins, be it after the escape of a line end in JSON."""
_SURE_SHAPES = (
    (re.compile(_EDGE + r"(?i:(Bearer|Basic))\s+(?=[A-Za-z._~+/=-]*[0-9])[A-Za-z0-9._~+/=-]{8,}"), r"\1 …"),
    (re.compile(_EDGE + r"(sk)([-_])(?=[A-Za-z_*.-]*[0-9]|[A-Za-z_*.-]{16})[A-Za-z0-9_*.-]{4,}"), r"\1\2…"),
    (
        re.compile(
            _EDGE + r"(rk|pk|gsk|xai|hf|ghp|gho|glpat|github_pat|xox[abprs])([-_])"
            r"(?=[A-Za-z_*.-]*[0-9]|[A-Za-z_*.-]{16})[A-Za-z0-9_*.-]{10,}"
        ),
        r"\1\2…",
    ),
    (re.compile(_EDGE + r"AIza[A-Za-z0-9_-]{8,}"), "AIza…"),
    (re.compile(_EDGE + r"(AKIA|ASIA)[A-Z0-9]{8,}"), r"\1…"),
    (re.compile(_EDGE + r"eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_.-]{4,}"), "eyJ…"),
    (
        re.compile(
            _EDGE + r"(?i:(api[-_ ]?key|(?:access|auth|refresh)[-_ ]?token|password|secret))"
            r"(['\"]?\s*[:=]\s*['\"]?)(?:[^\s'\",;}\\]|\\.){6,}"
        ),
        r"\1\2…",
    ),
)
"""As above, but nothing that stands in prose, code or a digest: for what was said, where each word counts."""
_HINTS = (
    *("sk-", "sk_", "rk-", "rk_", "pk-", "pk_", "xai-", "xai_", "hf-", "hf_", "ghp_", "ghp-", "gho_", "gho-"),
    *("glpat", "github_pat", "xox", "AIza", "AKIA", "ASIA", "eyJ"),
)
_WORDS = ("bearer", "basic", "password", "secret")
"""One of these, the words in lower case, or one of the next two is in whatever fits a shape."""
_NAMED = re.compile(r"api[-_ ]?key|(?:access|auth|refresh)[-_ ]?token")
_TELLING_FIELD = re.compile(
    r"(?i)(?:[a-z0-9]+[-_ ])*(?:api[-_ ]?key|(?:access|auth|refresh)[-_ ]?token|password|secret)"
)


def without_known_shapes(text: str) -> str:
    """``text`` with everything that looks like a key or a token masked."""
    for pattern, mask in _SHAPES:
        text = pattern.sub(mask, text)
    return text


def may_hold_keys(text: str) -> bool:
    """Whether it is worth looking through ``text``; quick, and wrong on the safe side only."""
    for hint in _HINTS:
        if hint in text:
            return True
    low = text.lower()
    for word in _WORDS:
        if word in low:
            return True
    return ("key" in low or "token" in low) and _NAMED.search(low) is not None


def without_keys(text: str) -> str:
    """``text`` with everything masked that is surely a key or a token; what is masked stays as it is."""
    if not may_hold_keys(text):
        return text
    while True:
        before = text
        for pattern, mask in _SURE_SHAPES:
            text = pattern.sub(mask, text)
        if text == before:
            return text


def key_spans(text: str) -> list[tuple[int, int]]:
    """Beginning and end of everything in ``text`` that is surely a key or a token."""
    if not may_hold_keys(text):
        return []
    return [match.span() for pattern, _ in _SURE_SHAPES for match in pattern.finditer(text)]


def is_telling_field(name: str) -> bool:
    """Whether a field of this name, such as ``db_password``, holds a secret."""
    return _TELLING_FIELD.fullmatch(name) is not None


def secrets_in(headers: Mapping[str, str]) -> tuple[str, ...]:
    """The secret values of a request's headers, without their scheme, the longest first."""
    values = (value.rpartition(" ")[2] for name, value in headers.items() if _TELLING.search(name))
    return tuple(sorted({value for value in values if len(value) >= SHORTEST}, key=len, reverse=True))


def is_telling(name: str) -> bool:
    """Whether a header of this name holds a secret."""
    return bool(_TELLING.search(name)) and not _COUNTING.search(name)
