"""Sizes from an image's first bytes, held against Pillow; any bytes at all are an answer or a ValueError."""

import base64
from io import BytesIO

import PIL.Image
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.attachments.samples import every_picture, moving_gif, picture
from tui.wire.image_header import encoded, image_size, image_type, is_animated, plain

PICTURES = every_picture()
STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8X", b"RIFF\0\0\0\0WEBPVP8 ")


@pytest.mark.parametrize("name", PICTURES)
def test_every_real_picture_has_the_size_pillow_tells(name: str) -> None:
    data = PICTURES[name]
    with PIL.Image.open(BytesIO(data)) as image:
        assert image_size(plain(data)) == image.size
        assert image_type(plain(data)) == f"image/{str(image.format).lower()}"
    text = base64.b64encode(data).decode()
    assert image_size(encoded(text)) == image_size(plain(data))


@given(
    format=st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]),
    width=st.integers(1, 2000),
    height=st.integers(1, 40),
)
def test_sizes_of_all_sorts(format: str, width: int, height: int) -> None:
    assert image_size(plain(picture(format, (width, height)))) == (width, height)


@given(start=st.sampled_from(["", *STARTS]), rest=st.binary(max_size=400))
@example(start=b"\xff\xd8\xff", rest=b"\xe0\0\2\xff" * 5000)
@example(start=b"\xff\xd8\xff", rest=b"\xff" * 9000)
@example(start=b"\xff\xd8", rest=b"\xff\xe0\0\0" * 5000)
@example(start=b"\x89PNG\r\n\x1a\n", rest=b"\0\0\0\rIHDR" + b"\0" * 8)
def test_any_bytes_are_a_size_or_a_value_error(start: bytes | str, rest: bytes) -> None:
    data = (start if isinstance(start, bytes) else b"") + rest
    text = base64.b64encode(data).decode()
    for read in (plain(data), encoded(text)):
        try:
            width, height = image_size(read)
        except ValueError:
            continue
        assert width > 0
        assert height > 0
    assert is_animated(data) in (True, False)


@given(name=st.sampled_from(sorted(PICTURES)), cut=st.floats(0, 1), hurt=st.integers(0, 255))
def test_cut_and_damaged_pictures_are_a_size_or_a_value_error(name: str, cut: float, hurt: int) -> None:
    data = bytearray(PICTURES[name])
    data[min(int(cut * len(data)), len(data) - 1)] = hurt
    for piece in (bytes(data), bytes(data[: int(cut * len(data))])):
        try:
            image_size(plain(piece))
        except ValueError:
            pass
        is_animated(piece)


@given(data=st.binary(max_size=60), offset=st.integers(0, 70), size=st.integers(1, 20))
def test_base64_is_read_where_it_is_needed(data: bytes, offset: int, size: int) -> None:
    read = encoded(base64.b64encode(data).decode())
    assert read(offset, size) == data[offset : offset + size]


@pytest.mark.parametrize("text", ["é" * 40, "not base64!" * 9, "abc"])
def test_what_is_no_base64_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        image_size(encoded(text))


def test_a_moving_gif_is_told_from_a_still_one() -> None:
    assert is_animated(moving_gif())
    assert not is_animated(picture("GIF"))
    assert not is_animated(picture("PNG"))
    assert not is_animated(moving_gif()[:700])


def test_nothing_between_two_segments_is_passed_over() -> None:
    data = picture("JPEG")
    assert image_size(plain(data[:2] + b"\xff\xe0\0\2\0\0\0" + data[2:])) == (60, 40)
