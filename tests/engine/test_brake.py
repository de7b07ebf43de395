"""A press ends whatever is awaited, and only that."""

import asyncio

import pytest

from tui.engine.brake import Brake, Stopped


async def test_a_press_interrupts_the_await_and_every_later_one() -> None:
    brake = Brake()
    asyncio.get_running_loop().call_soon(brake.press)
    with pytest.raises(Stopped):
        await brake.guard(asyncio.Event().wait())
    with pytest.raises(Stopped):
        await brake.guard(asyncio.Event().wait())
    brake.press()
    assert brake.pressed


async def test_time_is_up() -> None:
    with pytest.raises(TimeoutError):
        await Brake().guard(asyncio.Event().wait(), 0.001)


async def test_a_value_and_an_error_pass_through() -> None:
    async def fail() -> None:
        raise TimeoutError("its own")

    brake = Brake()
    assert await brake.guard(asyncio.sleep(0, "value"), 5) == "value"
    with pytest.raises(TimeoutError, match="its own"):
        await brake.guard(fail(), 5)


async def test_cancelling_the_task_is_not_a_stop() -> None:
    brake = Brake()
    waiting = asyncio.create_task(brake.guard(asyncio.Event().wait()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
