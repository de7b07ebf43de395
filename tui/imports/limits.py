"""How much an imported file may hold, and how it is refused: what was found, where, what is taken."""

from __future__ import annotations

from tui.clean import visible
from tui.errors import UsageError

MAX_BYTES = 256 * 1024 * 1024
MAX_DEPTH = 150
"""How deep values may be nested; the wire formats need a dozen."""
MAX_MESSAGES = 200_000
MAX_CALLS = 20_000
MAX_RESULTS = 5_000
"""How many tool results may answer one message."""
MAX_SHELL = 16 * 1024 * 1024
"""Characters of command lines, which are read one by one."""

TAKEN = (
    "taken are sessions of ours, Claude Code and Codex transcripts, opencode exports, request bodies of "
    "/v1/messages, /v1/chat/completions and /v1/responses, HAR, curl command lines, LiteLLM log rows "
    "and claude-trace logs; on the command line --from names the format"
)


def refused(what: str, *, hint: str = TAKEN) -> UsageError:
    """The error for a file that cannot be taken."""
    return UsageError("import", what, hint=hint)


def quoted(text: object, width: int = 60) -> str:
    """A piece of the file as it may stand in a sentence."""
    return visible(str(text)[: 4 * width], width)
