"""The sessions behind one run: the store, opened when first needed, a session taken up again, all secrets."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui.chat.catalog import Catalog
from tui.chat.finding import Finding
from tui.chat.record import SessionRecord
from tui.chat.settings import Overrides
from tui.config.load import KEY_VARIABLE, Revealer
from tui.config.schema import VARIABLE, Config
from tui.secrets import secrets_in

if TYPE_CHECKING:
    from tui.store.failure import StoreError
    from tui.store.store import Store

FILE = "sessions.db"
OPEN = "session-open"
"""The class of the remark that another program has the session open."""
HEADER = "header-not-kept"
"""The class of the remark that a header the user set has to be set again."""
RECOVERED = "session-recovered"
"""The class of the remark that a program died over the session."""
SHORTEST = 6
"""Characters from which a value is looked for: a shorter one stands in too many words."""


class LazyStore:
    """The store of a data directory; it is opened by whoever needs it first, from any thread."""

    def __init__(self, data_dir: Path, now: Callable[[], float]) -> None:
        self.path = data_dir / FILE
        self._now = now
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._failure: StoreError | None = None

    def open(self) -> Store:
        """The store; where the file cannot be used one in memory, and ``failure`` says why."""
        with self._lock:
            if self._store is None:
                # Not imported before it is needed: SQLite takes its time, and most commands need none.
                from tui.store.failure import StoreError
                from tui.store.store import Store

                try:
                    self._store = Store.open(self.path, self._now)
                except StoreError as error:
                    self._failure = error
                    self._store = Store.in_memory(self._now, str(error))
            return self._store

    def must_open(self) -> Store:
        """The store in its file; StoreError where it cannot be used."""
        store = self.open()
        if self._failure is not None:
            raise self._failure
        return store

    @property
    def failure(self) -> StoreError | None:
        """Why sessions are not kept; None while they are, or nobody asked for them."""
        return self._failure

    def close(self) -> None:
        """Wait until everything is written."""
        with self._lock:
            if self._store is not None:
                self._store.close()


@dataclass(frozen=True, slots=True)
class Reopened:
    """A stored session that is gone on with."""

    record: SessionRecord
    told: tuple[Finding, ...] = ()
    """What is worth knowing before its next turn."""


async def reopened(store: Store, name: str, catalog: Catalog | None = None) -> Reopened:
    """A session by id, beginning of an id, title or ``last``, made whole if a program died over it.

    ``catalog`` has the prices for what was saved. UsageError for a name that is none, StoreError where
    the store cannot be read.
    """
    # Not imported for a list of sessions, which needs no engine.
    from tui.engine.resuming import lost_headers

    info = await asyncio.to_thread(store.find, name)
    told: list[Finding] = []
    if info.is_open:
        says = f"Another program has the session {info.id} open; what is said there becomes another branch."
        told.append(Finding(OPEN, says))
    record, saved = await made_whole(store, info.id, catalog, read=store.open_up)
    lost = lost_headers(record.state.overrides)
    if lost:
        says = f"Not sent any more: {', '.join(lost)}. The value of such a header is not written down."
        told.append(Finding(HEADER, says, mend="set it again"))
    return Reopened(record, (*told, *saved))


async def made_whole(
    store: Store,
    session: str,
    catalog: Catalog | None = None,
    *,
    read: Callable[[str], SessionRecord] | None = None,
) -> tuple[SessionRecord, tuple[Finding, ...]]:
    """A session without its wires, after what a program that died left of it was made into messages.

    ``read`` is how it is had from the store, by default as a whole.
    """
    left = await asyncio.to_thread(store.pending, session)
    record = await asyncio.to_thread(read or store.load, session)
    if not left:
        return record, ()
    from tui.engine.recovery import recover

    writer = store.writer(session)
    try:
        record = await recover(left, record, writer, catalog)
    finally:
        await asyncio.to_thread(store.release, session)
    says = f"The program that had the session {session} open died in a turn; what came until then is saved."
    return record, (Finding(RECOVERED, says),)


def not_kept(failure: StoreError) -> Finding:
    """That this run keeps no session, and why."""
    return Finding(failure.cls, f"{failure}. The session is kept in memory only.", mend=failure.hint)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What must stand in no export."""

    values: tuple[str, ...]
    """The longest first."""
    untold: tuple[str, ...]
    """The proxies whose key comes from a command that did not run: it is not run for looking alone."""


def known_secrets(
    config: Config, environ: Mapping[str, str], keys: Iterable[Revealer] = (), told: Iterable[str] = ()
) -> Secrets:
    """Every secret of a configuration and its environment; ``keys`` are those in use, ``told`` others."""
    found: set[str] = {environ.get(KEY_VARIABLE, ""), *_from_environment(config, environ), *told}
    used = {key.secret: key for key in keys}
    found.update(key.told for key in used.values())
    untold: list[str] = []
    for proxy in config.proxies.values():
        if proxy.key is not None:
            value = used[proxy.key].told if proxy.key in used else Revealer(proxy.key, environ).told
            found.add(value)
            if not value and proxy.key.command:
                untold.append(proxy.name)
        headers = {name: Revealer(secret, environ).told for name, secret in proxy.headers.items()}
        found.update(secrets_in(headers))
    if config.traces is not None:
        traced = {name: Revealer(secret, environ).told for name, secret in config.traces.headers.items()}
        found.update(secrets_in(traced))
    for knobs in _knobs(config):
        found.update(secrets_in(knobs.get("headers", {})))
    long = {value for value in found if len(value) >= SHORTEST}
    return Secrets(tuple(sorted(long, key=lambda value: (-len(value), value))), tuple(untold))


def _knobs(config: Config) -> Iterator[Overrides]:
    yield from (model.knobs for model in config.models)
    yield from (preset.overrides for preset in config.presets.values())


def _from_environment(config: Config, environ: Mapping[str, str]) -> Iterator[str]:
    """The variables the file names, but for those that only say where something is."""
    try:
        text = Path(config.file).read_text("utf-8", "replace") if config.file else ""
    except OSError:
        return
    places = [proxy.url for proxy in config.proxies.values()]
    places += [proxy.ca_file or "" for proxy in config.proxies.values()]
    for name in set(VARIABLE.findall(text)):
        value = environ.get(name, "").strip()
        if not any(value in place for place in places):
            yield value
