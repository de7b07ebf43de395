"""A prompt as it waits to be sent: its text and the files that go with it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tui.chat.parts import Attachment
from tui.errors import UsageError
from tui.ui.draft import Draft, Unsent, write_private_data


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with a prompt, as it was when it was attached."""

    path: str
    """Where it came from, absolute; a draft finds it again there. Empty where it is in no file."""
    attachment: Attachment
    label: str
    """Name, kind and size on one clean line."""


@dataclass(frozen=True, slots=True)
class Prompted:
    """A prompt that is sent in one piece."""

    text: str
    attached: tuple[Attached, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to send."""
        return not self.text.strip() and not self.attached


def attach(path_text: str, base: Path) -> Attached:
    """The file a person named; UsageError as ``load``. Reads the disk: call it in a thread."""
    from tui.attachments.facts import describe
    from tui.attachments.load import load
    from tui.attachments.paths import located
    from tui.ui.transcript.blocks.media import facts_line

    attachment = load(path_text, base)
    return Attached(str(located(path_text, base).absolute()), attachment, facts_line(describe(attachment)))


def attached_again(attachment: Attachment, folder: Path | None) -> Attached:
    """An attachment that was sent once, in a file of ``folder`` so that a draft finds it again.

    Writes the disk: call it in a thread. Without a folder, or where it cannot be written, no draft does.
    """
    from tui.attachments.facts import describe
    from tui.ui.transcript.blocks.media import facts_line

    digest = hashlib.sha256(attachment.data.encode()).hexdigest()[:12]
    path = folder / f"{digest}-{Path(attachment.name).name or 'file'}" if folder else None
    try:
        if path is not None:
            write_private_data(path, attachment)
    except OSError:
        path = None
    return Attached(str(path or ""), attachment, facts_line(describe(attachment)))


def draft_of(written: Prompted, waiting: Sequence[Prompted]) -> Draft:
    """What is kept of prompts not yet sent: their texts, and the paths of their files."""
    return Draft(_unsent(written), tuple(map(_unsent, waiting)))


def reattached(draft: Draft) -> tuple[list[Prompted], list[str]]:
    """The prompts of a draft, the written one first, and what is said of files that are gone.

    Reads the disk.
    """
    gone: list[str] = []

    def again(unsent: Unsent) -> Prompted:
        found = []
        for path in unsent.files:
            try:
                found.append(attach(path, Path("/")))
            except UsageError as error:
                gone.append(f"No longer attached: {error.what}")
        return Prompted(unsent.text, tuple(found))

    return [again(unsent) for unsent in (draft.written, *draft.queue)], gone


def _unsent(prompted: Prompted) -> Unsent:
    return Unsent(prompted.text, tuple(file.path for file in prompted.attached if file.path))
