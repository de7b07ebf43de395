"""claude-code: the onboarding, the key and the directory are agreed to in its own file, as by a person."""

from __future__ import annotations

import json

from benchmarks.peers.peer import Peer, Place, Start
from benchmarks.server import CLAUDE, KEY, SMALL


def _prepare(place: Place) -> Start:
    trusted = {"hasTrustDialogAccepted": True, "hasCompletedProjectOnboarding": True, "allowedTools": []}
    agreed = {
        "hasCompletedOnboarding": True,
        "theme": "dark",
        "customApiKeyResponses": {"approved": [KEY], "rejected": []},
        "projects": {str(place.work): trusted},
    }
    (place.home / ".claude.json").write_text(json.dumps(agreed))
    model = {"ANTHROPIC_MODEL": CLAUDE, "ANTHROPIC_DEFAULT_HAIKU_MODEL": SMALL}
    quiet = ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "DISABLE_TELEMETRY", "DISABLE_AUTOUPDATER")
    return Start(
        env={
            "ANTHROPIC_BASE_URL": place.url,
            "ANTHROPIC_API_KEY": KEY,
            **model,
            **dict.fromkeys(quiet, "1"),
        }
    )


PEER = Peer("claude-code", "@anthropic-ai/claude-code", "claude", "? for shortcuts", "❯\xa0", _prepare)
