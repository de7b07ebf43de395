"""What is mixed into a widget of whose size nothing follows."""

from __future__ import annotations

from textual.geometry import Size


class Settled:
    """Textual would lay out the whole screen once more whenever such a widget has another size."""

    def _size_updated(
        self,
        size: Size,
        virtual_size: Size,
        container_size: Size,
        layout: bool = True,  # noqa: ARG002
    ) -> bool:
        updated: bool = super()._size_updated(  # type: ignore[misc]
            size, virtual_size, container_size, layout=False
        )
        return updated
