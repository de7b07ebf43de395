"""What is really painted, not only what would be."""

from __future__ import annotations

from tests.ui.transcript.support import Bench, drawn, wait_until


def painted(app: Bench) -> str:
    """The text on the screen as the compositor has it."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


async def test_the_first_words_of_a_part_are_painted_without_waiting_for_more() -> None:
    app = Bench()
    async with app.run_test(size=(60, 20)) as pilot:
        view = app.transcript
        view.add_user("u", "why?")
        view.set_running(True)
        for number in range(3):
            view.start_part(f"t{number}", "text")
            await drawn(pilot, view)
            view.append(f"t{number}", f"because {number}")
            await drawn(pilot, view)
            await wait_until(pilot, lambda n=number: f"because {n}" in painted(app))  # type: ignore[misc]
