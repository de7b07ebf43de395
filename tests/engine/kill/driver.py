"""The program that is killed: once warm it forks for each line on its input, and the fork talks.

Input: ``file url database session model prompt``, separated by tabs; output: the fork's process id.
Into ``file`` the fork writes one JSON line for whatever it has shown as done, after it was shown.
"""

import asyncio
import hashlib
import json
import os
import signal
import sys
from pathlib import Path

from tests.engine.kill.desk import TOOL_S, gateway, open_store, reopened, session, warm
from tui.chat.events import StepFinished, ToolFinished, TurnFailed, TurnFinished
from tui.chat.json_text import dump_bytes
from tui.chat.serial import message_to_json


async def talk(told: int, url: str, database: str, id: str, model: str, prompt: str) -> None:
    def tell(**what: object) -> None:
        os.write(told, json.dumps(what).encode() + b"\n")

    store = open_store(Path(database))
    through = gateway()
    chat = session(store, id, url, model, through, await reopened(store, id), TOOL_S)
    async for event in chat.send(prompt):
        match event:
            case StepFinished(message=message):
                data = dump_bytes(message_to_json(message))
                tell(step=message.id, hash=hashlib.sha256(data).hexdigest())
            case ToolFinished(call=call, result=result):
                tell(tool=call.id, text=result.text)
            case TurnFailed(error=error):
                tell(failed=str(error))
            case TurnFinished(stop=stop):
                tell(turn=stop)
    await through.aclose()
    store.close()
    tell(closed=True)


def main() -> None:
    warm()
    # The forks are not waited for: the system takes them away.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    sys.stdout.write("warm\n")
    sys.stdout.flush()
    for line in sys.stdin:
        file, *rest = line.rstrip("\n").split("\t")
        told = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                asyncio.run(talk(told, *rest))
            except BaseException as error:
                os.write(told, json.dumps({"broke": f"{type(error).__name__}: {error}"}).encode() + b"\n")
                raise
            finally:
                os._exit(0)
        os.close(told)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
