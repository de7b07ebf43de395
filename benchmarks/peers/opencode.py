"""opencode: a provider of its own in its configuration; titles are made by the small model."""

from __future__ import annotations

import json

from benchmarks.peers.peer import Peer, Place, Start
from benchmarks.server import GPT, KEY, SMALL


def _prepare(place: Place) -> Start:
    provider = {
        "npm": "@ai-sdk/openai-compatible",
        "name": "bench",
        "options": {"baseURL": f"{place.url}/v1", "apiKey": KEY},
        "models": {GPT: {"name": GPT}, SMALL: {"name": SMALL}},
    }
    config = {
        "autoupdate": False,
        "share": "disabled",
        "model": f"bench/{GPT}",
        "small_model": f"bench/{SMALL}",
        "provider": {"bench": provider},
    }
    folder = place.home / "config" / "opencode"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "opencode.json").write_text(json.dumps(config))
    off = ("AUTOUPDATE", "LSP_DOWNLOAD", "MODELS_FETCH")
    return Start(env={f"OPENCODE_DISABLE_{what}": "1" for what in off})


PEER = Peer("opencode", "opencode-ai", "opencode", "Ask anything", "┃  ", _prepare)
