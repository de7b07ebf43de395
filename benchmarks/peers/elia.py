"""elia: a model of its own in its configuration; Enter is a new line in it, Ctrl+J sends."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.peer import Peer, Place, Start
from benchmarks.server import GPT, KEY

_CONFIG = """default_model = "openai/{model}"

[[models]]
name = "openai/{model}"
id = "bench"
display_name = "bench"
api_base = "{url}/v1"
api_key = "{key}"
"""


def _prepare(place: Place) -> Start:
    folder = place.home / "config" / "elia"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(_CONFIG.format(model=GPT, url=place.url, key=KEY))
    # The list of prices it would fetch at its start is in the package, too.
    return Start(env={"LITELLM_LOCAL_MODEL_COST_MAP": "True", "OPENAI_API_KEY": KEY})


def _version(program: Path) -> Sequence[str]:
    """It does not tell; the Python beside it does."""
    asked = "from importlib.metadata import version; print(version('elia-chat'))"
    return (str(program.resolve().parent / "python"), "-c", asked)


PEER = Peer("elia", "elia-chat", "elia", "Enter your message", "│ ", _prepare, _version, send="\n")
