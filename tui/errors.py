"""The error tree; everything a person may see fail is one of these.

    SightlineError           title, hint, layer, cls
    ├── UsageError           the command line or a setting is wrong; no call was made (exit 2)
    │   └── ConfigError      names file, line and key path
    ├── CallFailed           a call to the proxy or vendor failed, anywhere between connect and last byte
    └── Unexpected           a mistake in the program, or the machine refused it something (exit 1)

``cls`` is a class id of the machine interface; ``layer`` says who is at fault.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import Literal

Layer = Literal["client", "proxy", "router", "vendor"]


class SightlineError(Exception):
    """Something failed that a person should be told about, with the next step."""

    def __init__(
        self,
        title: str,
        what: str = "",
        *,
        hint: str = "",
        layer: Layer = "client",
        cls: str = "bad-request",
        status: int | None = None,
        vendor_message: str | None = None,
        retry_helps: bool = False,
    ) -> None:
        super().__init__(f"{title}: {what}" if what else title)
        self.title = title
        self.what = what
        self.hint = hint
        self.layer: Layer = layer
        self.cls = cls
        self.status = status
        self.vendor_message = vendor_message
        self.retry_helps = retry_helps

    @property
    def exit_code(self) -> int:
        """The process exit code this error ends a command with."""
        return EXIT_CODES.get(self.cls, 4)


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer that is kept as it came; secrets in it are masked."""

    request_headers: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: str
    timing: tuple[float | None, float | None, float | None] = (None, None, None)
    """When it was connected, sent and answered by headers, in seconds since the call began."""


class UsageError(SightlineError):
    """The command line, a setting or a model name is wrong; nothing was sent."""

    @property
    def exit_code(self) -> int:
        return 2


class ConfigError(UsageError):
    """A configuration file or environment setting is wrong; says file, line and key path."""

    def __init__(self, what: str, *, hint: str = "") -> None:
        super().__init__("configuration", what, hint=hint, cls="bad-config")


class CallFailed(SightlineError):
    """A call failed between connecting and the last byte."""

    retry_after: float | None = None
    """Seconds the server asked to wait before a retry; None when it did not say."""
    never_sent: bool = False
    """Nothing left this machine, so a retry costs nothing."""
    answer: RawAnswer | None = None
    """The refusal as it came; None when no headers did."""


class Unexpected(SightlineError):
    """Nothing that was foreseen: a mistake of ours, a full disk, a file that may not be touched."""

    @property
    def exit_code(self) -> int:
        return 1


_DISK_HINTS = {
    errno.ENOENT: "name a folder that is there",
    errno.ENOTDIR: "name a folder that is there",
    errno.EACCES: "name a place you may write to",
    errno.EPERM: "name a place you may write to",
    errno.EROFS: "name a place you may write to",
    errno.ENOSPC: "make room on that disk, or write to another",
    errno.EDQUOT: "make room on that disk, or write to another",
}


def disk_hint(error: OSError) -> str:
    """The next step where something could not be written."""
    return _DISK_HINTS.get(error.errno or 0, "check the path, and who may write there")


EXIT_CODES: dict[str, int] = {
    "bad-config": 2,
    "unknown-model": 2,
    "proxy-unreachable": 3,
    "proxy-key-refused": 3,
    "timeout-first-byte": 3,
    "timeout-idle": 5,
    "stream-cut": 5,
    "not-a-stream": 5,
}
"""Exit code by error class; every class not named here is a refusal (4)."""
