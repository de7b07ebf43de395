"""The clipboard's picture, and clear words where there is none."""

import base64
from io import BytesIO
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
from PIL import ImageGrab

from tests.attachments.samples import picture
from tui.attachments import clipboard_image
from tui.chat.parts import Image
from tui.errors import UsageError


def holding(monkeypatch: pytest.MonkeyPatch, what: Any) -> None:
    def grab() -> Any:
        if isinstance(what, Exception):
            raise what
        return what

    monkeypatch.setattr(ImageGrab, "grabclipboard", grab)


def test_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    holding(monkeypatch, PIL.Image.new("RGB", (30, 20), "red"))
    (found,) = clipboard_image({})
    assert isinstance(found, Image)
    assert (found.media_type, found.name) == ("image/png", "clipboard.png")
    with PIL.Image.open(BytesIO(base64.b64decode(found.data))) as image:
        assert image.size == (30, 20)


def test_copied_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a b.png").write_bytes(picture())
    holding(monkeypatch, [str(tmp_path / "a b.png")])
    (found,) = clipboard_image({})
    assert found.name == "a b.png"


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (None, "there is no picture on it"),
        ([], "there is no picture on it"),
        (NotImplementedError("wl-paste or xclip is required"), "wl-paste or xclip is required"),
        (ChildProcessError("xclip error: no"), "xclip error: no"),
        (PIL.UnidentifiedImageError("what is this"), "what is this"),
    ],
)
def test_without_a_picture_the_reason_is_said(
    monkeypatch: pytest.MonkeyPatch, what: object, why: str
) -> None:
    holding(monkeypatch, what)
    with pytest.raises(UsageError, match=why) as error:
        clipboard_image({})
    assert error.value.hint


def test_over_ssh_it_is_the_wrong_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    holding(monkeypatch, PIL.Image.new("RGB", (3, 2)))
    with pytest.raises(UsageError, match="over ssh"):
        clipboard_image({"SSH_TTY": "/dev/pts/3"})
    # With a screen forwarded the clipboard comes along.
    assert clipboard_image({"SSH_TTY": "/dev/pts/3", "DISPLAY": ":10"})
