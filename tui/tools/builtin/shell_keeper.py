"""Runs one command and outlives everything it started; a program of its own, standard library only.

    python -I -S shell_keeper.py GRACE COMMAND

Standard input is the lifeline: when it ends, because of a stop or because whoever held it died, the
command is ended too. Standard output is the command's output and errors in the order written.
Standard error tells, a line each: ``started PID``, then ``exited CODE`` or ``killed SIGNAL`` or
``stopped``, and last ``swept N``, the number of processes that had to be ended. On Linux the keeper
is the subreaper of all of them, so none can leave it by a session or a parent of its own.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time

SHELL = "/bin/sh"
SWEEP_S = 5.0
"""How long killed processes may take to be gone; one that waits for a broken disk may take for ever."""
_HEARD_BY_COMMANDS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGUSR1)
_PR_SET_CHILD_SUBREAPER = 36
_PAUSE_S = 0.01


def keep(command: str, grace: float) -> None:
    """Run ``command`` to its end or until the lifeline ends, then end whatever is left of it."""
    adopting = _adopt_orphans()
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for number in _HEARD_BY_COMMANDS:
        # The lifeline tells when to end; a command that signals all around it shall not end us.
        signal.signal(number, signal.SIG_IGN)
    child = _start(command)
    # Only the command holds the output now: its end is the end of the last process.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _say(f"started {child}")
    status = _until_ended(child, wake)
    _say("stopped" if status is None else _ending(status))
    _say(f"swept {_Sweep(child, adopting).run(grace)}")


def _start(command: str) -> int:
    child = os.fork()
    if child:
        return child
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(1, 2)
        # What Python and whoever started us ignore, a command must not.
        for number in (*_HEARD_BY_COMMANDS, signal.SIGPIPE, signal.SIGXFSZ, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os.execv(SHELL, [SHELL, "-c", command])  # noqa: S606 - the user said yes to exactly this
    except OSError as error:
        os.write(2, f"{SHELL}: {error.strerror}\n".encode())
    os._exit(127)


def _until_ended(child: int, wake: int) -> int | None:
    """The command's exit status; None when the lifeline ended first."""
    while True:
        ready, _, _ = select.select([0, wake], [], [])
        if wake in ready:
            os.read(wake, 4096)
        status = _reap(child)
        if status is not None:
            return status
        if 0 in ready and not os.read(0, 4096):
            return None


def _reap(child: int) -> int | None:
    """Collect everything that has ended; the status of ``child`` if it is among it."""
    found = None
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            if pid == child:
                found = status
    return found


def _ending(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"exited {code}" if code >= 0 else f"killed {-code}"


class _Sweep:
    """Ends everything that descends from us: asked first, then frozen, so none multiplies, and killed."""

    def __init__(self, child: int, adopting: bool) -> None:
        self._child = child
        self._adopting = adopting
        self._seen: set[int] = set()

    def run(self, grace: float) -> int:
        """The number of processes that were still there."""
        deadline = time.monotonic() + grace
        self._send(signal.SIGTERM)
        # One that is suspended hears nothing until it goes on.
        self._send(signal.SIGCONT)
        while not self._gone() and time.monotonic() < deadline:
            time.sleep(_PAUSE_S)
        deadline = time.monotonic() + SWEEP_S
        while not self._gone() and time.monotonic() < deadline:
            while self._send(signal.SIGSTOP) and time.monotonic() < deadline:
                pass
            self._send(signal.SIGKILL)
            time.sleep(_PAUSE_S)
        return len(self._seen)

    def _gone(self) -> bool:
        _reap(0)
        if self._adopting:
            return not _descendants()
        try:
            os.killpg(self._child, 0)
        except OSError:
            return True
        return False

    def _send(self, number: signal.Signals) -> bool:
        """Signal all; whether there was one not met before."""
        if not self._adopting:
            with contextlib.suppress(OSError):
                os.killpg(self._child, number)
                self._seen.add(self._child)
            return False
        found = _descendants()
        for pid in found:
            with contextlib.suppress(OSError):
                os.kill(pid, number)
        met = found <= self._seen
        self._seen |= found
        return not met


def _descendants() -> set[int]:
    """The living processes below this one."""
    below: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if not name.isdecimal():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                # The name in parentheses may hold anything, blanks and parentheses among it.
                fields = file.read().rpartition(b")")[2].split()
        except OSError:
            continue
        if fields[0] not in (b"Z", b"X"):
            below.setdefault(int(fields[1]), []).append(int(name))
    found: set[int] = set()
    waiting = [os.getpid()]
    while waiting:
        children = below.get(waiting.pop(), [])
        found.update(children)
        waiting += children
    return found


def _adopt_orphans() -> bool:
    """Become the parent of every descendant that loses its own; whether this system can do that."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    try:
        done = ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    except (OSError, AttributeError):
        return False
    return done == 0 and os.path.isdir("/proc/self")


def _say(line: str) -> None:
    with contextlib.suppress(OSError):
        os.write(2, f"{line}\n".encode())


if __name__ == "__main__":
    keep(sys.argv[2], float(sys.argv[1]))
