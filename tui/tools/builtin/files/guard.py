"""What is never touched although it lies below the root: our own files, secrets, and files that are none.

A ``Guard`` holds for one call: it looks at the forbidden paths once, so that a file that appears under
another name (a hard link, another case) is told by what it is and not by what it is called.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path

from tui.tools.builtin.files import shown
from tui.tools.builtin.files.names import folded
from tui.tools.toolbox import ToolError

_MOST_LINKS_SEEN = 20_000
"""Most files below each forbidden directory that are compared with a file that has several names."""

_SECRET_DIRECTORIES = frozenset({".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".password-store"})
_SECRET_PAIRS = frozenset({(".config", "gcloud"), (".config", "gh"), (".git", "config")})
_SECRET_NAMES = frozenset(
    {".netrc", "_netrc", ".pgpass", ".git-credentials", ".npmrc", ".pypirc", ".env", ".envrc", ".vault-token"}
    | {f"id_{kind}" for kind in ("rsa", "dsa", "ecdsa", "ed25519", "ecdsa_sk", "ed25519_sk")}
)
_SECRET_ENDINGS = (".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk")
_SECRET_SHAPE = re.compile(r"\.env\.(?!(?:example|sample|template|dist)$)|\.\w+_history$")
"""Settings of an environment that are not its example, and what was typed into a shell."""
_PRIVATE_KEY = re.compile(rb"^-----BEGIN [A-Z0-9 ]*PRIVATE KEY", re.MULTILINE)

_UNWRITTEN = frozenset({".git", ".hg", "git~1"})
"""Directories whose hooks and settings run commands; the last is how Windows may call the first."""

_SYSTEM_PLACES = ("/proc", "/sys", "/dev")
_SYSTEM_KINDS = frozenset(
    {"proc", "sysfs", "devtmpfs", "devpts", "cgroup", "cgroup2", "debugfs", "tracefs", "securityfs"}
    | {"configfs", "bpf", "pstore", "efivarfs", "fusectl", "mqueue", "binfmt_misc"}
)
"""File systems whose files are the running system: processes, devices, settings."""

Identity = tuple[int, int]


class Guard:
    """Judges, for one call, directories and files by their real place and by what they are."""

    def __init__(self, root: str, forbidden: Sequence[Path], denied: Callable[[str], bool]) -> None:
        self._denied = denied
        self._root = tuple(name for name in root.split(os.sep) if name)
        self._forbidden = forbidden
        spellings = {os.path.abspath(path) for path in forbidden}
        spellings |= {os.path.realpath(path) for path in forbidden}
        self._places = [tuple(folded(n) for n in s.split(os.sep) if n) for s in spellings]
        self._identities = {i for path in forbidden if (i := _identity_of(path)) is not None}
        self._known_devices: set[int] = set()
        self._linked: set[Identity] | None = None

    def judge(self, names: Sequence[str], entry: os.stat_result | None, *, writing: bool = False) -> None:
        """ToolError when what really lies at ``names`` is not to be touched; None is nothing yet."""
        self._refuse_ours(names, entry)
        self._refuse_system(names, entry)
        if self._denied("/".join(names) or "."):
            raise ToolError(f"a rule of the user forbids this tool {shown.path(names)}")
        if holds_secrets((*self._root, *names)):
            raise ToolError(
                f"{shown.path(names)} is the kind of file that holds passwords or keys;"
                " no file tool touches it"
            )
        if writing and any(folded(name) in _UNWRITTEN for name in names):
            raise ToolError(
                f"{shown.path(names)} belongs to the version control; what is written there can run commands,"
                " so no file tool writes it"
            )

    def _refuse_ours(self, names: Sequence[str], entry: os.stat_result | None) -> None:
        here = tuple(folded(name) for name in (*self._root, *names))
        ours = any(here[: len(place)] == place for place in self._places)
        if entry is not None and not ours:
            identity = (entry.st_dev, entry.st_ino)
            ours = identity in self._identities
            # Windows may tell no number for a file: then nothing can be told from it.
            if not ours and entry.st_nlink > 1 and entry.st_ino and stat.S_ISREG(entry.st_mode):
                ours = identity in self._other_names()
        if ours:
            raise ToolError(
                f"{shown.path(names)} is this program's own configuration, data or cache;"
                " no file tool touches it"
            )

    def _refuse_system(self, names: Sequence[str], entry: os.stat_result | None) -> None:
        here = "/" + "/".join((*self._root, *names))
        system = os.sep == "/" and any(here == p or here.startswith(p + "/") for p in _SYSTEM_PLACES)
        if entry is not None and not system and entry.st_dev not in self._known_devices:
            system = entry.st_dev in _system_devices()
            if not system:
                self._known_devices.add(entry.st_dev)
        if system:
            raise ToolError(
                f"{shown.path(names)} belongs to the running system (processes, devices);"
                " no file tool touches it"
            )

    def _other_names(self) -> set[Identity]:
        """Every file of ours, found when a file with several names is met."""
        if self._linked is None:
            self._linked = {
                i for path in self._forbidden for i in islice(_files_below(path), _MOST_LINKS_SEEN)
            }
        return self._linked


def holds_secrets(names: Sequence[str]) -> bool:
    """Whether the file or directory at ``names`` holds passwords or keys by convention."""
    plain = [folded(name) for name in names]
    if any(name in _SECRET_DIRECTORIES for name in plain):
        return True
    if any(pair in _SECRET_PAIRS for pair in pairwise(plain)):
        return True
    last = plain[-1] if plain else ""
    return last in _SECRET_NAMES or last.endswith(_SECRET_ENDINGS) or bool(_SECRET_SHAPE.match(last))


def holds_private_key(start: bytes) -> bool:
    """Whether a file that starts so is a private key, whatever it is called."""
    return b"PRIVATE KEY" in start and _PRIVATE_KEY.search(start) is not None


def _files_below(path: Path) -> Iterator[Identity]:
    for directory, _, files in os.walk(path):
        for file in files:
            identity = _identity_of(Path(directory, file))
            if identity is not None:
                yield identity


def _identity_of(path: Path) -> Identity | None:
    try:
        entry = path.stat()
    except (OSError, ValueError):
        return None
    return (entry.st_dev, entry.st_ino) if entry.st_ino else None


def _system_devices() -> set[int]:
    """The device numbers of the mounted file systems that are no files; none where it is not told."""
    if not sys.platform.startswith("linux"):
        return set()
    try:
        mounts = Path("/proc/self/mountinfo").read_text("utf-8", "replace")
    except OSError:
        return set()
    devices = set()
    for line in mounts.splitlines():
        fields = line.split(" ")
        if fields[fields.index("-") + 1] in _SYSTEM_KINDS:
            major, minor = fields[2].split(":")
            devices.add(os.makedev(int(major), int(minor)))
    return devices
