"""How Gemini words a refusal, and how it reads the names of fields."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from tui.sim.refusal import Refusal

STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    529: "UNAVAILABLE",
}


def refuse(message: str, status: int = 400) -> NoReturn:
    """Raise a refusal in Gemini's shape."""
    raise Refusal(status, error_body(message, status))


def error_body(message: str, status: int) -> dict[str, Any]:
    """An error as Gemini words it."""
    return {"error": {"code": status, "message": message, "status": STATUS.get(status, "UNKNOWN")}}


def camel(value: dict[str, Any]) -> dict[str, Any]:
    """The same fields with their names in camel case; the vendor takes either spelling."""
    return {re.sub(r"_([a-z])", lambda m: m[1].upper(), key): entry for key, entry in value.items()}
