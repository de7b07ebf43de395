"""Two programs with one store, both chatting: no error, and no row is lost.

20 turns each; ``SIGHTLINE_TURNS`` says how many others.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.engine.kill.desk import open_store
from tests.engine.kill.tap import tapped_gateway
from tui.chat.json_text import dump_bytes
from tui.chat.serial import message_to_json

TURNS = int(os.environ.get("SIGHTLINE_TURNS", "20"))
PATIENCE_S = 120.0 + 4.0 * TURNS


def test_two_programs_chat_into_one_store(tmp_path: Path) -> None:
    database = tmp_path / "sessions.db"
    with tapped_gateway(0) as (server, tap):
        running = [
            subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "tests.engine.kill.chatter",
                    server.url,
                    str(database),
                    own,
                    str(TURNS),
                ],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for own in ("first00", "second0")
        ]
        ends = [process.communicate(timeout=PATIENCE_S) for process in running]
    told = [[json.loads(line) for line in out.splitlines()] for out, _ in ends]
    assert [(process.returncode, err) for process, (_, err) in zip(running, ends, strict=True)] == [
        (0, "")
    ] * 2
    store = open_store(database)
    try:
        records = {hit.info.id: store.record(hit.info.id) for hit in store.sessions(limit=10_000)}
    finally:
        store.close()
    kept = {
        (id, node.message.id): hashlib.sha256(dump_bytes(message_to_json(node.message))).hexdigest()
        for id, record in records.items()
        for node in record.nodes
    }
    for said in told:
        assert [line for line in said if "failed" in line] == []
        assert [line["turn"] for line in said if "turn" in line] == ["end"] * TURNS
        for line in said:
            if "step" in line:
                assert kept[line["session"], line["step"]] == line["hash"]
    exchanges = [one for record in records.values() for one in record.exchanges]
    assert {one.state for one in exchanges} == {"done"}
    sent = {answer.body: [(event, data) for _, event, data in answer.frames] for answer in tap.sent}
    assert len(exchanges) == len(tap.sent)
    for one in exchanges:
        assert one.wire is not None
        assert [(frame.event, frame.data) for frame in one.wire.frames] == sent[one.wire.body]
