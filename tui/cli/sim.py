"""``sightline sim``: the simulated gateway alone, until it is stopped."""

from __future__ import annotations

import signal
import sys
import threading
from decimal import Decimal

from tui.sim.ledger import Ledger
from tui.sim.server import SimServer
from tui.sim.state import SimState

_SIGINT_EXIT = 130
_SIGTERM_EXIT = 143


def run(port: int = 0, key_budget: Decimal | None = None) -> int:
    """Serve on ``port`` (0 takes a free one) until SIGINT or SIGTERM; gives the exit code.

    With ``key_budget`` the simulated proxy has a database, and its key may spend so many dollars.
    Prints the address and the key. A port that is taken is exit 2.
    """
    stopped = threading.Event()
    codes: list[int] = []

    def stop(number: int, _frame: object) -> None:
        codes.append(_SIGINT_EXIT if number == signal.SIGINT else _SIGTERM_EXIT)
        stopped.set()

    try:
        ledger = None if key_budget is None else Ledger(key_budget)
        server = SimServer(SimState(ledger=ledger), port)
    except OSError as error:
        print(f"sim: port {port} cannot be used: {error.strerror or error}", file=sys.stderr)
        print("hint: --port 0 takes a free one", file=sys.stderr)
        return 2
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with server:
            print(f"simulated gateway at {server.url}")
            print(f"key {server.state.master_key}")
            print("Ctrl+C stops it. Nothing here is a real model and nothing is billed.", flush=True)
            stopped.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return codes[0]
