"""Files as attachments of a prompt: found, read, named, decoded for the screen, taken from the clipboard."""

from tui.attachments.clipboard import clipboard_image
from tui.attachments.facts import Facts, describe
from tui.attachments.load import attachment_of, load
from tui.attachments.pictures import Pixels, shrunk, small_copy

__all__ = [
    "Facts",
    "Pixels",
    "attachment_of",
    "clipboard_image",
    "describe",
    "load",
    "shrunk",
    "small_copy",
]
