"""What is said about a file while it is read; the same remark at many places is said once."""

from __future__ import annotations

from tui.chat.finding import Finding

UNREAD = "import-not-read"
"""Something of the file is not in the session."""
CHANGED = "import-changed"
"""Something is in the session in another form than in the file."""
CUT = "import-cut"
"""The file, or a text in it, is not whole."""

_MOST = 200


class Remarks:
    """Gathers findings in the order they are first said."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str, str], list[str]] = {}

    def say(self, cls: str, says: str, path: str = "", mend: str = "") -> None:
        """Remark that ``says`` holds at ``path``."""
        key = (cls, says, mend)
        if key in self._said or len(self._said) < _MOST:
            self._said.setdefault(key, []).append(path)

    def findings(self) -> tuple[Finding, ...]:
        """All remarks; how often one was made stands behind it."""
        out = []
        for (cls, says, mend), paths in self._said.items():
            times = f" ({len(paths)} times)" if len(paths) > 1 else ""
            out.append(Finding(cls, says + times, paths[0], mend))
        return tuple(out)
