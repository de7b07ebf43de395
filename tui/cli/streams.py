"""The three standard streams: made fit for any text, read whole, silenced once nobody reads."""

from __future__ import annotations

import io
import os
import stat
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


def prepare() -> None:
    """Let no stream be missing and none fail on a character; what is piped is UTF-8."""
    # Descriptors are filled from the lowest on, so a socket never becomes standard output.
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - lives as long as the program
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            # A lone surrogate has no bytes of its own; everything else goes out exactly.
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def read_input(stdin: TextIO) -> str:
    """All of standard input as UTF-8, line ends untouched; bytes that are no UTF-8 become U+FFFD."""
    binary = getattr(stdin, "buffer", None)
    return stdin.read() if binary is None else binary.read().decode("utf-8-sig", "replace")


def silence_output() -> None:
    """Point standard output at nothing, or the interpreter complains or waits once more while it exits."""
    _silence(sys.stdout)


def silence_terminals() -> None:
    """Point at nothing what was written to a terminal that is gone: each word to it would be an error."""
    # Textual puts others in the place of the streams; what is left in these is still written at the very end.
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        if stream is not None:
            _silence(stream, if_device=True)


def _silence(stream: TextIO, *, if_device: bool = False) -> None:
    try:
        descriptor = stream.fileno()
        # A terminal that is gone does not say any more that it is one.
        if if_device and not stat.S_ISCHR(os.fstat(descriptor).st_mode):
            return
    except (OSError, ValueError):
        return
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, descriptor)
    os.close(null)
