"""The place all measures of one run share: the model server, houses, stored sessions, the floors."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from statistics import median
from typing import Literal

from benchmarks import talks
from benchmarks.ours import WHOLE, House, ask
from benchmarks.processes import run
from benchmarks.server import CLAUDE, GPT, Server
from benchmarks.terminal import Terminal
from benchmarks.watch import Watch

Dialect = Literal["messages", "chat"]
MODELS: dict[Dialect, str] = {"messages": CLAUDE, "chat": GPT}


class Bench:
    """Everything is made when it is first asked for, below ``folder``."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder, self.server = folder, server
        self._houses: dict[str, House] = {}

    def house(self, dialect: Dialect = "messages") -> House:
        """A house whose default model is reached by that endpoint; the program was in it before."""
        if dialect not in self._houses:
            folder = self.folder / dialect
            folder.mkdir()
            made = self._houses[dialect] = House(folder, self.server.url, MODELS[dialect])
            # The first start compiles, and learns the models of the proxy.
            with self.ready(made.open()):
                pass
        return self._houses[dialect]

    def session(self, count: int) -> str:
        """The id of a session of ``count`` messages, now all that is stored, and never spoken in."""
        house, pristine = self.house(), self.folder / f"session-{count}"
        if not pristine.exists():
            talks.keep(pristine, count)
        shutil.rmtree(house.data)
        shutil.copytree(pristine, house.data)
        return talks.session_id(count)

    def ready(self, terminal: Terminal, text: str = WHOLE) -> Terminal:
        """Wait until a program can be typed into and has done what it does after that."""
        terminal.wait_for(text)
        terminal.settle(0.5)
        return terminal

    def chat(self, *words: str, dialect: Dialect = "messages") -> Terminal:
        """The program, ready and with one short answer behind it, so that all that is lazy is loaded."""
        terminal = self.ready(self.house(dialect).open(*words))
        ask(terminal, self.server, 200)
        return terminal

    def watched(self, *words: str, warm: bool = True) -> tuple[Terminal, Watch]:
        """The same with a watch on its event loop; without ``warm`` there is no answer behind it."""
        house = self.house()
        report = house.folder / "report.json"
        terminal = self.ready(house.open(str(report), *words, module=("benchmarks.inside",)))
        if warm:
            ask(terminal, self.server, 200)
        return terminal, Watch(terminal, report)

    def floor(self, name: str, *words: str) -> Terminal:
        """One of the floors in a terminal; it is not waited for."""
        return Terminal(self.floor_command(name, *words), env=self.house().env)

    def floor_command(self, name: str, *words: str) -> list[str]:
        """The command line of a floor."""
        return [sys.executable, "-m", f"benchmarks.floors.{name}", *words]

    def raw_loop(self, dialect: Dialect, tokens: int, times: int = 3) -> float:
        """Microseconds of CPU a token in the bare loop over the SDK's stream."""
        self.server.play(tokens)
        ran = run(self.floor_command("raw_loop", dialect, self.server.url, str(times)), env=self.house().env)
        spent: list[float] = json.loads(ran.output)
        return median(spent) / tokens * 1e6
