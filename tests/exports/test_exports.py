"""The formats there are, and that what is not asked for is not loaded."""

import subprocess
import sys

import pytest

from tests.exports.samples import session
from tui.exports import FORMATS, Format, export, format_named


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_written(format: Format) -> None:
    text = export(session(), format)
    assert "I shall read both." in text or format == "har"
    assert text.endswith("\n")


@pytest.mark.parametrize(
    ("word", "format"),
    [
        ("md", "md"),
        (".MD", "md"),
        ("markdown", "md"),
        ("htm", "html"),
        ("har", "har"),
        ("pdf", None),
        ("", None),
    ],
)
def test_formats_have_names(word: str, format: Format | None) -> None:
    assert format_named(word) == format


def test_renderers_are_loaded_when_they_are_asked_for() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import tui.exports, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not set(done.stdout.split()) & {"markdown_it", "pygments", "tui.exports.html", "tui.exports.ours"}
