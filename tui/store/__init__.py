"""Sessions on disk: one SQLite file that several programs may share, and the same code in memory.

``Store`` is the way in; synchronous and safe in any thread, so callers on an event loop go through
``asyncio.to_thread``. ``Store.writer`` gives what the engine writes to while a session goes on.
"""

from tui.store.failure import STORE_FAILED, StoreError
from tui.store.pending import Pending, PendingResult
from tui.store.search import Hit
from tui.store.session_writer import StoredSession
from tui.store.store import Store

__all__ = ["STORE_FAILED", "Hit", "Pending", "PendingResult", "Store", "StoreError", "StoredSession"]
