"""How soon a key is on a peer's screen, idle and while an answer comes."""

from __future__ import annotations

import math
import time
from statistics import median

from benchmarks.measures.lag import GAP_S
from benchmarks.peers.answers import write_prompt
from benchmarks.peers.subject import Subject
from benchmarks.replay import Replay
from benchmarks.server import Server
from benchmarks.terminal import Terminal

RATE = 1000
KEYS = "qzjvkxqwzjkvqxzkjvwqzxjkqvzjxkwqvzjkxqzv"
"""Letters that stand side by side in no answer."""
IDLE_KEYS = KEYS[:12]
PATIENCE_S = 5.0
"""What is not on the screen so long after the last key is not waited for."""
CLEAR = "\x15"


def measure(subject: Subject, terminal: Terminal, server: Server) -> tuple[float, float, float]:
    """Milliseconds: p50 idle, p50 and most at 1,000 tokens a second; infinite for keys that did not come."""
    idle = latencies(subject, terminal, IDLE_KEYS)
    terminal.press(CLEAR)
    time.sleep(0.5)
    terminal.quiet(0.5, timeout=3.0)
    server.play(int(RATE * (len(KEYS) * GAP_S + 3)), RATE)
    write_prompt(terminal)
    terminal.press(subject.send)
    until = time.perf_counter() + 10
    while not server.told().began and time.perf_counter() < until:
        time.sleep(0.02)
    time.sleep(0.7)
    busy = latencies(subject, terminal, KEYS)
    return median(idle), median(busy), max(busy)


def latencies(subject: Subject, terminal: Terminal, keys: str) -> list[float]:
    """Milliseconds from each key until what was typed stands behind the sign; the prompt is empty before."""
    pressed = []
    for key in keys:
        pressed.append(terminal.press(key))
        time.sleep(GAP_S)
    last = pressed[-1] + PATIENCE_S
    chunks, replay = terminal.chunks, Replay(terminal.size)
    number = next((n for n, chunk in enumerate(chunks) if chunk.at >= pressed[0]), len(chunks))
    replay.feed(b"".join(chunk.data for chunk in chunks[:number]))
    found: list[float] = []
    while len(found) < len(keys):
        if number == len(chunks):
            if time.perf_counter() > last:
                break
            time.sleep(0.05)
            continue
        chunk = chunks[number]
        if chunk.at > last:
            break
        replay.feed(chunk.data)
        while len(found) < len(keys) and replay.changed_to_show(subject.sign + keys[: len(found) + 1]):
            found.append((chunk.at - pressed[len(found)]) * 1000)
        number += 1
    return found + [math.inf] * (len(keys) - len(found))
