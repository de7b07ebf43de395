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


async def test_what_is_there_already_arms_no_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def there() -> str:
        return "value"

    def refused(seconds: float | None) -> asyncio.Timeout:
        raise AssertionError(f"a timer of {seconds} s for what nobody waits for")

    monkeypatch.setattr(asyncio, "timeout", refused)
    assert await Brake().guard(there(), 5) == "value"


async def test_what_waits_several_times_gets_every_answer_and_every_error() -> None:
    passed: list[str] = []

    async def waits() -> str:
        first = await asyncio.sleep(0, "first")
        future = asyncio.get_running_loop().create_future()
        future.get_loop().call_soon(future.set_exception, ValueError("second"))
        try:
            await future
        except ValueError as error:
            passed.extend((first, str(error)))
        try:
            await asyncio.Event().wait()
        finally:
            passed.append("ended")
        return "never"

    with pytest.raises(TimeoutError):
        await Brake().guard(waits(), 0.001)
    assert passed == ["first", "second", "ended"]
