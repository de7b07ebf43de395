"""Work that goes on beside what is on the screen.

No work is described by what it is called with, as Textual does unless it is told: the text of a long history
takes seconds to make.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.css.query import NoMatches
from textual.dom import DOMNode, NoScreen
from textual.worker import Worker


def beside(
    node: DOMNode,
    work: Callable[[], Coroutine[Any, Any, Any]],
    group: str,
    *,
    exclusive: bool = False,
    exit_on_error: bool = True,
) -> Worker[Any]:
    """Begin ``work`` for ``node``; an ``exclusive`` one ends the others of its group.

    It is a function, for what is cancelled before it began, say as the program ends, leaves nothing behind
    then: of a coroutine that was made and not awaited Python warns. Where ``node`` is taken away, its widgets
    are gone a moment before its work is ended: what is not found then is no error.
    """

    async def while_it_is_there() -> Any:
        try:
            return await work()
        except (NoMatches, NoScreen):
            if node.is_attached:
                raise
            return None

    return node.run_worker(
        while_it_is_there, group=group, description=group, exclusive=exclusive, exit_on_error=exit_on_error
    )


def beside_in_thread(
    node: DOMNode, work: Callable[[], Any], group: str, *, exit_on_error: bool = True
) -> Worker[Any]:
    """Begin ``work`` for ``node`` in a thread."""
    return node.run_worker(work, group=group, description=group, exit_on_error=exit_on_error, thread=True)
