"""Counts a PDF's pages, as a process of its own: the file comes on standard input, one word goes out.

A hostile file can keep a parser busy for minutes, and only a process can be ended. It imports
nothing of the program, so that it starts quickly and needs nothing but the parser.
"""

from __future__ import annotations

import logging
import sys
from io import BytesIO

LOCKED = "locked"
"""Printed for a file that needs a password."""
MOST_PAGES = 1_000_000
"""A count beyond this is nonsense."""


def word_for(data: bytes) -> str:
    """The number of pages a PDF says it has, ``locked``, or nothing where it cannot be told."""
    from pypdf import PdfReader

    # It reports every oddity of a file to the log, and without one to the terminal.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return LOCKED
        root = reader.root_object
        count = root["/Pages"]["/Count"]  # type: ignore[index]  # whatever is there instead fails below
        pages = int(str(count))
    except Exception:
        # A parser of a hostile format fails in every way there is; the vendor has the last word on the file.
        return ""
    return str(pages) if 0 < pages <= MOST_PAGES else ""


if __name__ == "__main__":
    sys.stdout.write(word_for(sys.stdin.buffer.read()))
