"""Other people's programs from npm: installed once outside the tree, each run in a home of its own."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
VERSIONS = {
    "opencode": ("opencode-ai", "1.18.33"),
    "claude": ("@anthropic-ai/claude-code", "2.1.330"),
    "codex": ("@openai/codex", "0.169.0"),
}
"""By the program's name: its package and the version these tests were written for."""
_QUIET = {
    "OPENCODE_DISABLE_AUTOUPDATE": "1",
    "OPENCODE_DISABLE_MODELS_FETCH": "1",
    "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
    "OPENCODE_DISABLE_DEFAULT_PLUGINS": "1",
    "OPENCODE_DISABLE_SHARE": "1",
    "DISABLE_AUTOUPDATER": "1",
    "DISABLE_TELEMETRY": "1",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
}
"""Keeps them from calling anybody but the proxy."""


def installed(name: str) -> Path:
    """The directory with the program ``name``, installed first if it is missing; a failure raises.

    SIGHTLINE_OUTSIDE_DIR says where installations are kept, else a cache directory.
    """
    package, version = VERSIONS[name]
    wanted = f"{package}@{version}"
    given = os.environ.get("SIGHTLINE_OUTSIDE_DIR")
    cache = Path(given) if given else Path.home() / ".cache" / "sightline"
    target = cache / f"{name}-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}"
    ready = target / "sightline-ready"
    if not ready.exists():
        target.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--prefix", str(target), "--no-audit", "--no-fund", wanted]
        subprocess.run(command, check=True, timeout=900, stdin=subprocess.DEVNULL)
        ready.touch()
    return target / "node_modules" / ".bin"


@dataclass(frozen=True)
class Done:
    """How a run ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """The JSON lines of standard output."""
        return [json.loads(line) for line in self.out.splitlines() if line.startswith("{")]


@dataclass(frozen=True)
class Home:
    """A person's directory on a machine where nothing is configured but the proxy's address and key."""

    path: Path
    proxy_url: str
    proxy_key: str

    @property
    def work(self) -> Path:
        """The directory tools are started in: a repository with one file."""
        work = self.path / "work"
        if not work.exists():
            work.mkdir()
            (work / "notes.txt").write_text("the secret word is marmalade\n", encoding="utf-8")
            subprocess.run(["git", "init", "-q", str(work)], check=True)
        return work

    def setup(self, *argv: str) -> str:
        """What ``sightline setup`` prints here."""
        done = self._run([sys.executable, "-m", "tui", "setup", *argv], ROOT, {}, "")
        assert done.code == 0, done.err
        return done.out

    def run(self, name: str, *argv: str, stdin: str = "", environ: Mapping[str, str] | None = None) -> Done:
        """Run a tool to its end."""
        return self._run([str(installed(name) / name), *argv], self.work, environ or {}, stdin)

    def _run(self, command: list[str], cwd: Path, more: Mapping[str, str], stdin: str) -> Done:
        places = {f"XDG_{n}_HOME": str(self.path / n.lower()) for n in ("CONFIG", "DATA", "STATE", "CACHE")}
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.path),
            "CODEX_HOME": str(self.path / ".codex"),
            "TERM": "dumb",
            "NO_PROXY": "*",
            "LITELLM_PROXY_URL": self.proxy_url,
            "LITELLM_PROXY_API_KEY": self.proxy_key,
            **places,
            **_QUIET,
            **more,
        }
        written = self.path / "out", self.path / "err"
        # To files: opencode leaves without waiting for what a pipe has not taken yet.
        with (
            written[0].open("wb") as out,
            written[1].open("wb") as err,
            subprocess.Popen(
                command,
                cwd=cwd,
                env=environ,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
                start_new_session=True,
            ) as process,
        ):
            try:
                process.communicate(stdin.encode("utf-8"), timeout=180)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise
        return Done(process.returncode, *(path.read_text(encoding="utf-8") for path in written))
