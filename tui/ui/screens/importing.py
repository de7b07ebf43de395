"""The command that makes a session of another program's file, and opens it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from tui.chat.finding import Finding
from tui.chat.route import Route
from tui.clean import visible
from tui.config.paths import at_home
from tui.errors import SightlineError, UsageError
from tui.ui.beside import beside
from tui.ui.ports import Shelf
from tui.ui.screens.keeping import BUSY, Keeping

if TYPE_CHECKING:
    from tui.resolver import Endpoint

SHOWN = 3
"""Remarks about a file that are said; how many more there are is said as well."""
_WIDEST = 200
_NOBODY = "http://localhost"
"""A route needs an address; nothing is sent there."""


class Importing(Keeping):
    """Takes a file in as a session of its own; the present one stays as it is."""

    def action_import(self, path: str = "") -> None:
        """Make a session of the file named and open it; without a name, let one be written."""
        if self.home.shelf is None:
            self.app.say("No sessions are stored here.", warning=True)
        elif not path.strip():
            self.lay_by()
            self.prompt.put("/import ")
            self.prompt.focus()
        elif self.running:
            self.app.say(BUSY, warning=True)
        else:
            beside(self, partial(self._import, self.home.shelf, path.strip()), "import", exclusive=True)

    async def _import(self, shelf: Shelf, path: str) -> None:
        try:
            id, format, remarks = await asyncio.to_thread(self._taken_in, shelf, path)
        except SightlineError as error:
            self.app.say(f"{error}\n{error.hint}".strip(), warning=True)
            return
        self.app.say(_told(format, remarks), warning=bool(remarks))
        self.open_session(id)

    def _taken_in(self, shelf: Shelf, path: str) -> tuple[str, str, Sequence[Finding]]:
        """The new session's id, what the file was, and what it could not say; in a thread."""
        # The readers of ten formats are needed by nobody who imports nothing.
        from tui.imports import read

        data = _bytes_of(path)
        name = Path(path).name
        found = read(name, data, now=self.deps.now(), new_id=_new_id, route_for=self._route_for)
        return shelf.store.add(found.stream), found.format, found.warnings

    def _route_for(self, model: str, endpoint: str) -> Route:
        """Where a model named in the file leads on this proxy, as far as it is known."""
        from tui.resolver import resolve

        return resolve(model, self.session.catalog, base_url=_NOBODY, endpoint=cast("Endpoint", endpoint))


def _new_id() -> str:
    return uuid.uuid4().hex[:12]


def _bytes_of(path: str) -> bytes:
    """What a file holds; UsageError for what is none, is too large or cannot be read."""
    from tui.imports.limits import MAX_BYTES, refused

    try:
        where = at_home(path)
        if not where.is_file():
            raise UsageError("import", f"{path} is no file", hint="/import PATH takes the path of a file")
        with where.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or str(error)
        raise UsageError("import", f"{path}: {what}", hint="name a file that can be read") from error
    if len(data) > MAX_BYTES:
        raise refused(f"it is larger than {MAX_BYTES:,} bytes")
    return data


def _told(format: str, remarks: Sequence[Finding]) -> str:
    """That a file was taken in as what, and the first of what is to be said of it."""
    lines = [f"Imported: {format}."]
    lines += [f"• {visible(remark.says, _WIDEST)}" for remark in remarks[:SHOWN]]
    if len(remarks) > SHOWN:
        lines.append(f"and {len(remarks) - SHOWN} more; `sightline import` lists them all")
    return "\n".join(lines)
