"""Owns the environments of the real LiteLLM proxies: built once, outside the tree, named by constraints.

A marker file, written last and renamed into place, tells a finished environment from a broken one.
Whatever goes wrong raises: a proxy that cannot be installed is a failed run, never a skipped one.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

CONSTRAINTS = Path(__file__).parent / "constraints.txt"
OLD_CONSTRAINTS = Path(__file__).parent / "constraints_old.txt"
"""A proxy of a year before: other headers, other costs, no self-heal."""
_READY = "sightline-ready"


class InstallFailedError(RuntimeError):
    """The proxy's environment could not be built; carries the end of the installer's output."""


def environment_path(old: bool = False) -> Path:
    """Where the environment is or will be; SIGHTLINE_PROXY_ENV overrides that of the new one."""
    given = os.environ.get("SIGHTLINE_PROXY_ENV")
    if given and not old:
        return Path(given).expanduser()
    digest = hashlib.sha256(_constraints(old).read_bytes()).hexdigest()[:16]
    return Path.home() / ".cache" / "sightline" / f"litellm-{digest}"


def litellm_version(old: bool = False) -> str:
    """The proxy version the constraints pin."""
    constraints = _constraints(old)
    for line in constraints.read_text(encoding="utf-8").splitlines():
        name, _, version = line.partition("==")
        if name == "litellm":
            return version
    raise InstallFailedError(f"{constraints.name} does not pin litellm")


def installed_proxy(old: bool = False) -> Path:
    """The proxy's program, installed first if it is missing; one process installs at a time."""
    target = environment_path(old)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_name(target.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_ready(target, _constraints(old)):
            _build(target, old)
    return target / "bin" / "litellm"


def _constraints(old: bool) -> Path:
    return OLD_CONSTRAINTS if old else CONSTRAINTS


def _is_ready(target: Path, constraints: Path) -> bool:
    marker = target / _READY
    return marker.is_file() and marker.read_bytes() == constraints.read_bytes()


def _build(target: Path, old: bool) -> None:
    if target.exists():
        if not (target / "pyvenv.cfg").is_file():
            raise InstallFailedError(f"{target} exists and is no virtual environment; not touching it")
        shutil.rmtree(target)
    _run([sys.executable, "-m", "venv", str(target)], 120)
    pip = [str(target / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    wanted = f"litellm[proxy]=={litellm_version(old)}"
    _run([*pip, "install", "--quiet", "-c", str(_constraints(old)), wanted], 1200)
    # The first start would spend seconds compiling, inside the time a start is allowed.
    _run(
        [str(target / "bin" / "python"), "-m", "compileall", "-q", "-j", "0", str(target / "lib")],
        600,
        check=False,
    )
    half = target / (_READY + ".part")
    half.write_bytes(_constraints(old).read_bytes())
    half.replace(target / _READY)


def _run(command: list[str], seconds: int, check: bool = True) -> None:
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds, check=False, env=clean
        )
    except subprocess.TimeoutExpired as timeout:
        raise InstallFailedError(f"{command[0]} took longer than {seconds} s") from timeout
    if check and done.returncode:
        tail = done.stdout.decode("utf-8", "replace")[-3000:]
        raise InstallFailedError(f"{' '.join(command)} ended with {done.returncode}:\n{tail}")
