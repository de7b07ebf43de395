"""Small copies for the screen and smaller ones to send, of every sort of picture and of hostile ones."""

import base64
from io import BytesIO

import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attachments.samples import as_image, every_picture, moving_gif, noise, picture, saved
from tui.attachments import Pixels, describe, shrunk, small_copy
from tui.attachments.pictures import MOST_PIXELS
from tui.chat.parts import Image
from tui.errors import UsageError

PICTURES = every_picture()


def attached(data: bytes, format: str = "PNG") -> Image:
    return as_image(data, f"image/{format.lower()}")


@pytest.mark.parametrize("name", PICTURES)
def test_every_sort_of_picture_has_a_small_copy(name: str) -> None:
    copy = small_copy(attached(PICTURES[name], name.split()[0]), 40, 24)
    assert copy is not None
    assert (copy.width, copy.height) == (36, 24)
    assert len(copy.data) == 36 * 24 * 4
    if "transparent" in name:
        return
    # A gradient from dark to light, whatever the depth.
    greys = copy.data[0 :: 36 * 4]
    assert greys[0] < 60
    assert greys[-1] > 180
    assert set(copy.data[3::4]) == {255}


@pytest.mark.parametrize(
    ("size", "shown"),
    [((1, 1), (1, 1)), ((1, 10_000), (1, 24)), ((10_000, 1), (40, 1)), ((40, 24), (40, 24))],
)
def test_odd_shapes(size: tuple[int, int], shown: tuple[int, int]) -> None:
    copy = small_copy(attached(saved(PIL.Image.new("RGB", size, "red"), "PNG")), 40, 24)
    assert copy is not None
    assert (copy.width, copy.height) == shown
    assert copy.data[:4] == b"\xff\0\0\xff"


def test_what_is_seen_through_stays_so() -> None:
    clear = small_copy(attached(saved(PIL.Image.new("RGBA", (4, 4), (9, 9, 9, 0)), "PNG")), 40, 24)
    assert clear is not None
    assert clear.data[3] == 0


def test_a_picture_is_shown_upright() -> None:
    image = PIL.Image.new("RGB", (40, 20), "white")
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    copy = small_copy(attached(saved(image, "JPEG", exif=exif), "JPEG"), 40, 24)
    assert copy is not None
    assert copy.width < copy.height


@pytest.mark.parametrize(
    "data",
    [
        picture()[:100],
        noise()[:300],
        moving_gif()[:60],
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x09\0\0\0\x09\x08\x02\0\0\0",
        b"",
        saved(PIL.Image.new("1", (10_000, 10_000)), "PNG"),
    ],
    ids=["png", "jpeg", "gif", "head", "nothing", "bomb"],
)
def test_what_cannot_be_decoded_has_none(data: bytes) -> None:
    for format in ("PNG", "JPEG", "GIF", "WEBP"):
        assert small_copy(attached(data, format), 40, 24) is None


@settings(max_examples=60)
@given(name=st.sampled_from(sorted(PICTURES)), places=st.lists(st.tuples(st.floats(0, 1), st.binary())))
def test_damaged_pictures_have_a_copy_or_none(name: str, places: list[tuple[float, bytes]]) -> None:
    data = bytearray(PICTURES[name])
    for place, bytes_there in places:
        at = int(place * len(data))
        data[at : at + len(bytes_there)] = bytes_there
    copy = small_copy(attached(bytes(data), name.split()[0]), 40, 24)
    assert copy is None or isinstance(copy, Pixels)


@pytest.mark.parametrize("name", PICTURES)
def test_a_smaller_copy_to_send(name: str) -> None:
    format = name.split()[0]
    smaller = shrunk(attached(PICTURES[name], format), 30)
    with PIL.Image.open(BytesIO(base64.b64decode(smaller.data))) as image:
        image.load()
        assert image.size == (30, 20)
        assert f"image/{str(image.format).lower()}" == smaller.media_type
    assert smaller.media_type == ("image/png" if format == "GIF" else f"image/{format.lower()}")
    assert describe(smaller).width == 30


def test_what_is_small_enough_stays_as_it_is() -> None:
    image = attached(picture())
    assert shrunk(image, 60) is image


def test_a_smaller_copy_is_named_for_what_it_is() -> None:
    assert shrunk(as_image(picture("GIF"), "image/gif", "cat.gif"), 30).name == "cat.png"
    assert shrunk(as_image(picture("JPEG"), "image/jpeg", "IMG.JPEG"), 30).name == "IMG.jpg"


def test_what_cannot_be_made_smaller_says_so() -> None:
    with pytest.raises(UsageError, match=r"photo\.png cannot be made smaller"):
        shrunk(attached(picture()[:100]), 30)
    side = int(MOST_PIXELS**0.5) + 9
    with pytest.raises(UsageError, match="pixels"):
        shrunk(attached(saved(PIL.Image.new("1", (side, side)), "PNG")), 30)
