"""codex: a provider of its own in its configuration, in one process: its server in the background would
outlive it, and what that one uses would not be seen."""

from __future__ import annotations

from benchmarks.peers.peer import Peer, Place, Start
from benchmarks.server import GPT, KEY

_CONFIG = """model = "{model}"
model_provider = "bench"
check_for_update_on_startup = false
approval_policy = "never"
sandbox_mode = "read-only"

[analytics]
enabled = false

[model_providers.bench]
name = "bench"
base_url = "{url}/v1"
env_key = "BENCH_KEY"
wire_api = "responses"

[projects."{work}"]
trust_level = "trusted"
"""


def _prepare(place: Place) -> Start:
    folder = place.home / ".codex"
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(_CONFIG.format(model=GPT, url=place.url, work=place.work))
    return Start(("--no-daemon",), {"BENCH_KEY": KEY})


PEER = Peer("codex", "@openai/codex", "codex", "Ask Codex to do anything", "› ", _prepare)
