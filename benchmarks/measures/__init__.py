"""Every measure, by subject."""

from benchmarks.measure import Measure
from benchmarks.measures import keeping, lag, sessions, start, stream, viewer

ALL: tuple[Measure, ...] = (
    *start.MEASURES,
    *stream.MEASURES,
    *lag.MEASURES,
    *sessions.MEASURES,
    *keeping.MEASURES,
    *viewer.MEASURES,
)
"""In the order of the table."""
