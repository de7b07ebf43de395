"""The bare loop over an SDK's stream: ``python -m benchmarks.floors.raw_loop DIALECT URL TIMES``.

It asks TIMES times, counts the events and throws them away. Prints the seconds of CPU of each answer.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

from benchmarks.server import CLAUDE, GPT, KEY


async def main(dialect: str, url: str, times: int) -> None:
    """Read the answers; the first one, which warms up, is not counted."""
    ask = _messages(url) if dialect == "messages" else _chat(url)
    spent: list[float] = []
    for _ in range(times + 1):
        cpu, events = time.process_time(), 0
        async for _event in await ask():
            events += 1
        spent.append(time.process_time() - cpu)
        assert events > 1
    print(json.dumps(spent[1:]))


def _messages(url: str) -> Any:
    from anthropic import AsyncAnthropic

    client = AsyncAnthropic(base_url=url, api_key=KEY)
    prompt: Any = [{"role": "user", "content": "go on"}]
    return lambda: client.messages.create(model=CLAUDE, max_tokens=8000, messages=prompt, stream=True)


def _chat(url: str) -> Any:
    from openai import AsyncOpenAI

    client = AsyncOpenAI(base_url=f"{url}/v1", api_key=KEY)
    prompt: Any = [{"role": "user", "content": "go on"}]
    return lambda: client.chat.completions.create(model=GPT, messages=prompt, stream=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
