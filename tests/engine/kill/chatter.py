"""A program that chats for many turns, by turns in a session of its own and in one it shares with another.

Arguments: url, database, a session of its own, turns. Into its output goes one JSON line for whatever it
has shown as done.
"""

import asyncio
import hashlib
import json
import sys
from pathlib import Path

from tests.engine.kill.desk import gateway, open_store, reopened, session
from tui.chat.events import StepFinished, TurnFailed, TurnFinished, Warned
from tui.chat.json_text import dump_bytes
from tui.chat.serial import message_to_json
from tui.engine.session import Session

SHARED = "sharedbyboth"
MODEL = "anthropic/claude-opus-4-5"
LENGTH = 25
"""Turns of a session before the next one is begun."""


def tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def turn(chat: Session, prompt: str) -> None:
    async for event in chat.send(prompt):
        match event:
            case StepFinished(message=message):
                data = dump_bytes(message_to_json(message))
                tell(session=chat.id, step=message.id, hash=hashlib.sha256(data).hexdigest())
            case TurnFailed(error=error):
                tell(failed=str(error))
            case Warned(finding=finding) if finding.cls == "store-failed":
                tell(failed=finding.says)
            case TurnFinished(stop=stop):
                tell(turn=stop)


async def main(url: str, database: str, own: str, turns: int) -> None:
    store = open_store(Path(database))
    through = gateway()
    try:
        for begun in range(0, turns, LENGTH):
            mine = session(store, f"{own}{begun:05}", url, MODEL, through, None)
            shared_id = f"{SHARED}{begun:05}"
            shared = session(store, shared_id, url, MODEL, through, await reopened(store, shared_id))
            for number in range(begun, min(begun + LENGTH, turns)):
                await turn(mine if number % 3 else shared, f"what is {number}*3? parallel, says {own}")
    finally:
        await through.aclose()
        store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
