"""Work beside the screen: what never began leaves nothing behind, and no argument is described."""

import asyncio
import gc
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import pytest
from textual.app import App
from textual.widgets import Static
from textual.worker import WorkerFailed

from tests.ui.pilots import until
from tui.ui.beside import beside, beside_in_thread

PROGRAM = Path(__file__).parents[2] / "tui"


class Long:
    """Something that nobody may describe."""

    def __repr__(self) -> str:
        raise AssertionError("described")


async def test_what_is_ended_before_it_began_leaves_nothing_behind() -> None:
    """A coroutine that was made and never awaited would be a warning, and that an error here."""
    done: list[int] = []

    async def work(number: int, _: Long) -> None:
        done.append(number)

    app: App[None] = App()
    async with app.run_test():
        first = beside(app, partial(work, 1, Long()), "one", exclusive=True)
        beside(app, partial(work, 2, Long()), "one", exclusive=True)
        await until(lambda: done)
        assert first.is_cancelled
        beside_in_thread(app, partial(lambda long: done.append(3), Long()), "two")
        await until(lambda: 3 in done)
    gc.collect()
    assert done == [2, 3]


@pytest.mark.parametrize("is_gone", [True, False])
async def test_what_is_not_found_is_an_error_only_while_its_node_is_there(is_gone: bool) -> None:
    app: App[None] = App()

    async def work() -> None:
        try:
            await asyncio.Event().wait() if is_gone else None
        finally:
            node.query_one("#nothing")

    with nullcontext() if is_gone else pytest.raises(WorkerFailed, match="#nothing"):
        async with app.run_test() as pilot:
            node = Static()
            await app.mount(node)
            worker = beside(node, work, "one")
            await pilot.pause()
            if is_gone:
                await node.remove()
            await until(lambda: worker.is_finished)


def test_all_work_is_begun_that_way() -> None:
    begun = [
        path.relative_to(PROGRAM).as_posix()
        for path in PROGRAM.rglob("*.py")
        if ".run_worker(" in path.read_text()
    ]
    assert begun == ["ui/beside.py"]
