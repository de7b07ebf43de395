"""Words in the prompt that steer a simulated model, above all into the ways calls fail."""

from __future__ import annotations

import re

from tui.sim.beats import (
    Beat,
    Call,
    CleanEnd,
    Fail,
    HangUp,
    Hold,
    Refuse,
    Say,
    Scene,
    ShowPage,
    Stop,
    Think,
)

WORDS: dict[str, str] = {
    "redacted": "a redacted thinking block before the readable one",
    "two thoughts": "two thinking blocks in a row",
    "thinking-text-thinking": "visible text between two thinking blocks",
    "interleaved": "thinking between tool calls too",
    "empty signed": "a sealed thinking block without text",
    "parallel": "several tool calls in one answer",
    "endless": "one tool call after another, without end",
    "bad json": "tool arguments that are not JSON",
    "read FILE": "a call of `read_file`; also `write FILE with TEXT`, `edit FILE: OLD -> NEW`",
    "list files": "a call of `list_files`, with `in FOLDER` and a pattern such as `*.py` if you like",
    "search for X": "a call of `search_files`, with `in FOLDER` if you like",
    "run CMD": "a call of `shell`, the command in backticks or quotes",
    "get URL": "a call of `http_get`",
    "long N": "about N tokens of Markdown",
    "slow": "a slow model",
    "unicode": "scripts, emoji and combining marks",
    "hostile": "escape sequences, markup and bidi controls",
    "describe": "type, measure, size and hash of every image and document it was shown",
    "max tokens": "an answer cut at the limit",
    "refusal": "the model declines",
    "error N": "status N (400, 401, 403, 404, 429, 500, 529); add `once` to fail only the first time",
    "too long": "the context is exceeded",
    "error midstream": "an error event inside the stream",
    "cut stream": "the socket breaks inside an event; `cut thinking` and `cut arguments` inside those",
    "upstream cut": "only the vendor's side breaks; the proxy reports it",
    "clean cut": "HTTP ends well, the last words are missing",
    "hang": "nothing comes; `hang midway` stops after some text",
    "html": "an HTML page instead of an answer",
    "fallback": "the proxy falls back to another model",
    "self-heal": "the proxy silently strips all thinking",
    "proxy retries": "the proxy says that a first try failed",
    "after tools": "beside a fault: it strikes only once tools have answered",
}
"""Every word and what it does; the same list is shown when the simulated model is asked for help."""

_PAGE = (
    "<!doctype html>\n<html><head><title>502 Bad Gateway</title></head>\n<body><center><h1>502 Bad "
    "Gateway</h1>"
    "</center><hr><center>simulated load balancer</center></body></html>\n"
)
_ERRORS: dict[int, tuple[str, str]] = {
    400: (
        "invalid_request_error",
        "The simulated vendor refuses this request because its prompt asks for it.",
    ),
    401: ("authentication_error", "invalid x-api-key"),
    403: ("permission_error", "Your API key does not have permission to use the specified resource."),
    404: ("not_found_error", "The requested resource could not be found."),
    413: ("request_too_large", "Request exceeds the maximum size"),
    429: ("rate_limit_error", "Number of request tokens has exceeded your per-minute rate limit."),
    500: ("api_error", "Internal server error"),
    529: ("overloaded_error", "Overloaded"),
}
_ALONE = r"(?:^|[.?!,;:] *)"
"""Everyday words steer only where a sentence begins with them: who asks for a hair cut wants none here."""
_PAGE_ASKED = rf"{_ALONE}html\b|\bhtml page\b"
_HANG = rf"{_ALONE}hang\b|\bhang (?:midway|mid|later|after)\b"
_CUT = (
    rf"{_ALONE}cut\b|\b(?:clean|upstream|vendor) cut\b"
    r"|\bcut (?:in |inside )?(?:the )?(?:stream|thinking|arguments)\b"
)
_MIDSTREAM = rf"\berror mid-?stream\b|{_ALONE}overloaded\b"
_TOO_LONG = rf"{_ALONE}too long\b"
_FAULT = rf"\berror \d{{3}}\b|{_MIDSTREAM}|{_CUT}|{_HANG}|{_PAGE_ASKED}|{_TOO_LONG}"


def is_steered(scene: Scene) -> bool:
    """Whether the prompt holds one of the words that make even a short prompt worth thinking about."""
    words = (re.escape(w.removesuffix(" N")) for w in WORDS)
    return scene.says("|".join(rf"\b{w}\b" for w in words))


def help_text() -> str:
    """A Markdown table of all words."""
    rows = "\n".join(f"| `{word}` | {what} |" for word, what in WORDS.items())
    return (
        "I am simulated; words in your prompt steer what I do.\n\n| word | effect |\n|---|---|\n"
        f"{rows}\n\nAsk for arithmetic or the time and I call the tools you offer."
    )


def before_anything(scene: Scene) -> Refuse | ShowPage | Hold | None:
    """The fault that strikes before the first byte of an answer, if the prompt asks for one."""
    if not _strikes(scene):
        return None
    wanted = re.search(r"\berror (\d{3})\b", scene.prompt, re.IGNORECASE)
    if wanted:
        status = int(wanted[1])
        type, message = _ERRORS.get(status, ("api_error", f"Simulated status {status}"))
        return Refuse(status, type, message, {"retry-after": "7"} if status in (429, 529) else {})
    if scene.says(_TOO_LONG):
        return Refuse(400, "invalid_request_error", "prompt is too long: 214032 tokens > 200000 maximum")
    if scene.says(_PAGE_ASKED):
        return ShowPage(_PAGE)
    if scene.says(_HANG) and not scene.says(r"\bhang (?:midway|mid|later)\b"):
        return Hold()
    return None


def with_ending(beats: tuple[Beat, ...], scene: Scene) -> tuple[Beat, ...]:
    """The beats with the ending the prompt asks for; a fault strikes inside the last stretch kept."""
    if scene.says(r"\bmax tokens\b"):
        return (*_until(beats, Say, 0.5), Stop("max_tokens"))
    if scene.says(rf"{_ALONE}refusal\b"):
        thinking = tuple(b for b in beats if isinstance(b, Think))
        return (*thinking, Say("I would rather not answer this one."), Stop("refusal"))
    if not _strikes(scene):
        return beats
    fault = _fault(scene)
    if fault is None:
        return beats
    if scene.says(r"\bcut (?:in |inside )?(?:the )?thinking\b"):
        return (*_until(beats, Think, 0.6), fault)
    if scene.says(r"\bcut (?:in |inside )?(?:the )?arguments\b"):
        return (*_until(beats, Call, 0.6), fault)
    return (*_until(beats, Say, 0.5), fault)


def _fault(scene: Scene) -> HangUp | CleanEnd | Fail | Hold | None:
    if scene.says(_MIDSTREAM):
        return Fail("overloaded_error", "Overloaded")
    if scene.says(r"\bclean cut\b"):
        return CleanEnd()
    if scene.says(r"\b(?:upstream|vendor) cut\b"):
        return HangUp(whole_way=False)
    if scene.says(_CUT):
        return HangUp()
    if scene.says(_HANG):
        return Hold()
    return None


def _strikes(scene: Scene) -> bool:
    """Whether a fault in the prompt strikes at this step and attempt."""
    if not scene.says(_FAULT):
        return False
    if scene.says(r"\bonce\b") and scene.attempt > 1:
        return False
    return scene.step > 1 or not scene.says(r"\bafter tools?\b")


def _until(beats: tuple[Beat, ...], kind: type[Say | Think | Call], share: float) -> tuple[Beat, ...]:
    """The beats up to the last stretch of ``kind``, of which only a share is kept; all when there is none."""
    places = [i for i, b in enumerate(beats) if isinstance(b, kind)]
    if not places:
        return beats[:-1]
    last = beats[places[-1]]
    kept: Beat
    match last:
        case Call(name=name, arguments=arguments):
            kept = Call(name, arguments[: max(1, int(len(arguments) * share))])
        case Think(text=text, redacted=redacted):
            kept = Think(text[: max(1, int(len(text) * share))], redacted)
        case Say(text=text):
            kept = Say(text[: max(1, int(len(text) * share))])
        case _:
            kept = last
    return (*beats[: places[-1]], kept)
