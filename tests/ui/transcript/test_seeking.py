"""Words in the transcript: counted, marked where they are painted, visited, in what still arrives too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.transcript.support import Bench, drawn, rows, wait_until
from tui.ui.transcript.model import Block, FooterBlock, TextBlock, ThinkingBlock, ToolBlock, UserBlock
from tui.ui.transcript.needles import Span, count, folded, nth, spans
from tui.ui.transcript.seeking import Seeking

SIZE = (60, 20)


def talk(count: int = 30) -> list[Block]:
    blocks: list[Block] = []
    for n in range(count):
        blocks += [
            UserBlock(f"u{n}", f"prompt {n} about needles", group=f"u{n}"),
            ThinkingBlock(f"h{n}", f"thinking of Needle {n}", folded=True, group=f"a{n}"),
            ToolBlock(f"t{n}", "read_file", "{}", "ok", result=f"a haystack {n}", group=f"a{n}"),
            TextBlock(f"x{n}", f"**Answer** {n}\n\nwith `code`", group=f"a{n}"),
            FooterBlock(f"f{n}", "needle in a footer", group=f"a{n}"),
        ]
    return blocks


def found(app: Bench) -> list[tuple[int, int]]:
    return [(message.place, message.count) for message in app.of(Seeking.Found)]


class Searched(Bench):
    """The bench that keeps what was found, too."""

    def on_transcript_found(self, message: Seeking.Found) -> None:
        self.sent.append(message)


def marked(app: Bench) -> list[str]:
    """The texts on the screen that are marked, colours or not."""
    view = app.transcript
    texts = []
    for y in range(view.window):
        for text, style, _ in view.render_line(y):
            if style and (style.underline or style.reverse) and text.strip():
                texts.append(text)
    return texts


async def test_matches_are_counted_visited_and_folded_blocks_unfold() -> None:
    app = Searched()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.load(talk())
        await pilot.pause()
        view.go(0)
        await view.seek("NEEDLE")
        await pilot.pause()
        assert found(app)[-1] == (1, 60)
        assert marked(app)[:1] == ["needle"]
        await pilot.press("n")
        await pilot.pause()
        assert found(app)[-1] == (2, 60)
        block = view.page.entries[1].block
        assert isinstance(block, ThinkingBlock)
        assert not block.folded
        assert "Needle" in marked(app)
        await pilot.press("N", "N")
        await pilot.pause()
        assert found(app)[-1] == (60, 60)
        assert any("thinking of Needle 29" in row for row in rows(view))
        await view.seek("haystack 17")
        await pilot.pause()
        assert found(app)[-1] == (1, 1)
        assert any("a haystack 17" in row for row in rows(view))
        await view.seek("")
        await pilot.pause()
        assert found(app)[-1] == (0, 0)
        assert marked(app) == []


async def test_what_arrives_is_found_too() -> None:
    app = Searched()
    async with app.run_test(size=SIZE) as pilot:
        view = app.transcript
        view.load(talk(2))
        await view.seek("late")
        await pilot.pause()
        assert found(app)[-1] == (0, 0)
        view.set_running(True)
        view.start_part("s", "text", group="s")
        view.append("s", "It is late, ")
        await drawn(pilot, view)
        await wait_until(pilot, lambda: found(app)[-1][1] == 1)
        view.append("s", "too late.")
        await drawn(pilot, view)
        await wait_until(pilot, lambda: found(app)[-1][1] == 2)
        assert "late" in marked(app)
        view.finish_part("s")
        view.set_running(False)


async def test_a_match_across_a_wrapped_row_is_marked_on_both() -> None:
    app = Searched()
    async with app.run_test(size=(30, 10)) as pilot:
        view = app.transcript
        view.load([UserBlock("u", "some words before the split match here", group="u")])
        await view.seek("the split match")
        await pilot.pause()
        assert " ".join("".join(marked(app)).split()).replace(" ", "") == "thesplitmatch"


def test_letters_that_become_several_are_counted_back() -> None:
    assert spans("Die Straße ist", folded("STRASSE")) == [Span(4, 10)]
    assert spans("İstanbul and istanbul", folded("istanbul")) == [Span(13, 21)]
    assert count(UserBlock("u", "Maße, MASSE"), folded("masse")) == 2


@given(st.text(max_size=60), st.text(min_size=1, max_size=3))
def test_every_span_says_the_words(text: str, words: str) -> None:
    needle = folded(words)
    last = 0
    for start, end in spans(text, needle):
        assert last <= start < end <= len(text)
        assert needle in folded(text[start:end])
        last = start


@pytest.mark.parametrize(("place", "of", "at"), [(0, 2, 0), (1, 2, 1), (3, 4, 1)])
def test_a_match_of_the_source_leads_to_one_of_the_rows(place: int, of: int, at: int) -> None:
    shown = [Span(0, 1), Span(5, 6)]
    assert nth(shown, place, of) == shown[at]
    assert nth([], 0, 1) is None
