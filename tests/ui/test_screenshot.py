"""No picture of the screen tells a secret, however it is wrapped, cut or framed."""

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from tests.ui.pilots import chat, running
from tests.ui.scripted_session import deps_for
from tui.ui.screenshot import HIDDEN, PIECE, apart, without_secrets

SECRET = "Qz7-team.proxy/9fKd+Lw2xVb8Rt5Yu1=="
SHAPED = "sk-ant-api03-Zx9Cv8Bn7Mq6Lk5Jh4Gf3Ds2Ap1Oi0Uy9Tr8"


def _strip(text: str, *, cut: int = 0) -> Strip:
    """A row in pieces of ``cut`` characters, each of its own style."""
    pieces = [text[at : at + cut] for at in range(0, len(text), cut)] if cut else [text]
    return Strip([Segment(piece, Style(bold=bool(n % 2))) for n, piece in enumerate(pieces)])


def _shown(strips: list[Strip]) -> str:
    return "\n".join(strip.text for strip in strips)


def _left(secret: str, shown: str) -> int:
    """The longest piece of a secret that can be read in one row, or over rows without what frames them."""
    read = "".join(char for char in shown if char in secret)
    for size in range(len(secret), 0, -1):
        pieces = {secret[at : at + size] for at in range(len(secret) - size + 1)}
        if any(piece in shown or piece in read for piece in pieces):
            return size
    return 0


@pytest.mark.parametrize("secret", [SECRET, SHAPED])
@pytest.mark.parametrize("cut", [0, 1, 3])
@pytest.mark.parametrize("width", [9, 12, 17, 24, 33, 48, 80, 120])
def test_a_wrapped_secret_is_hidden_whole(secret: str, cut: int, width: int) -> None:
    rows = [secret[at : at + width] for at in range(0, len(secret), width)]
    framed = ["words before", *(f"│ {row:<{width}} ▌" for row in rows), "│ words after"]
    known = [SECRET] if secret == SECRET else []
    hidden = without_secrets([_strip(row, cut=cut) for row in framed], [], known)
    assert _left(secret, _shown(hidden).replace("words", "")) < 4
    assert hidden[0].text == "words before"
    assert [strip.cell_length for strip in hidden] == [len(row) for row in framed]


def test_a_row_beside_another_region_is_read_by_itself() -> None:
    first, second = SECRET[:7], SECRET[7:14]
    rows = [_strip(f"{first:<7}zz side one"), _strip(f"{second:<7}zz side two")]
    beside = without_secrets(rows, [Region(0, 0, 7, 2)], [SECRET[:14]])
    assert _shown(beside) == f"{HIDDEN * 7}zz side one\n{HIDDEN * 7}zz side two"


@pytest.mark.parametrize("part", [SECRET[:PIECE], SECRET[-PIECE:], SECRET[5 : 5 + 2 * PIECE]])
def test_a_secret_half_out_of_sight_is_hidden(part: str) -> None:
    hidden = without_secrets([_strip(f"x {part} y")], [], [SECRET])
    assert _shown(hidden) == f"x {HIDDEN * len(part)} y"


def test_a_short_secret_and_a_wide_one_are_hidden_whole() -> None:
    rows = [_strip("a geheim b"), _strip("漢 パスワード鍵 字")]
    hidden = without_secrets(rows, [], ["geheim", "パスワード鍵"])
    assert _shown(hidden) == f"a {HIDDEN * 6} b\n漢 {HIDDEN * 12} 字"


def test_a_word_of_a_secret_is_a_word_yet() -> None:
    rows = [_strip("simulated, I said"), _strip("sk.simulated it is"), _strip("all of qwertzuiop")]
    hidden = without_secrets(rows, [], ["sk.simulated", "qwertzuiopasdf"])
    assert _shown(hidden) == f"simulated, I said\n{HIDDEN * 12} it is\nall of {HIDDEN * 10}"


def test_what_is_no_secret_stays_as_it_is() -> None:
    rows = [_strip("the skill of asking: task-list, token count 3,204"), _strip("sha256 " + "0f" * 32)]
    hidden = without_secrets(rows, [], [SECRET, "short"])
    assert all(after is before for after, before in zip(hidden, rows, strict=True))


def _read(svg: str) -> str:
    """All text of a picture, row by row."""
    texts = re.findall(r"<text[^>]*>(.*?)</text>", svg, re.DOTALL)
    return html.unescape("\n".join(texts)).replace("\xa0", " ")


@pytest.mark.parametrize("size", [(40, 24), (57, 24), (80, 24), (120, 40), (163, 50)])
async def test_no_picture_tells_what_the_screen_shows(tmp_path: Path, size: tuple[int, int]) -> None:
    deps = replace(deps_for(tmp_path), secrets=lambda: (SECRET,))
    async with running(deps, size) as (app, pilot):
        screen = chat(app)
        screen.show_welcome(False)
        said = f"My key is {SECRET} and `{SHAPED}` is **{SECRET}** too. Innocent."
        screen.transcript.add_prompt(said, deps.now(), [])
        screen.transcript.add_prompt(f"```\nAuthorization: {SECRET}\n```", deps.now(), [])
        screen.prompt.put(f"curl -H {SECRET} {SHAPED}")
        await pilot.pause()
        seen = _read(app.export_screenshot())
        assert "Innocent." in seen
        assert HIDDEN * PIECE in seen
        for secret in (SECRET, SHAPED):
            assert _left(secret, seen) < PIECE, seen
        assert len(re.findall("[•]", seen)) > 3 * PIECE


async def test_a_notice_and_a_form_over_the_chat_tell_nothing_either(tmp_path: Path) -> None:
    deps = replace(deps_for(tmp_path), secrets=lambda: (SECRET,))
    async with running(deps, (80, 24)) as (app, pilot):
        app.say(f"The proxy said: key {SECRET} is not known, nor {SHAPED}")
        chat(app).action_system(f"Say {SECRET} " * 3)
        await pilot.press("f1")
        await pilot.pause()
        seen = _read(app.export_screenshot())
        assert _left(SECRET, seen) < PIECE
        assert _left(SHAPED, seen) < PIECE


def test_every_text_of_a_row_says_where_it_begins_however_the_row_was_cut() -> None:
    text = "▌ parameters      5 pieces · 527 B "
    rows = [Strip([Segment(text)]), Strip([Segment(char) for char in text])]
    marked = Strip([Segment(char, Style(meta={"offset": (n, 0)})) for n, char in enumerate(text)])
    expected = ["▌ parameters", "      ", "5 pieces · 527 B", " "]
    assert [[segment.text for segment in apart(row)] for row in (*rows, marked)] == [expected] * 3
