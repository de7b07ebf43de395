"""A file that cannot be used is refused with a reason and a way out, and left as it is."""

import os
import sqlite3
import stat
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tui.chat.record import SessionInfo, SessionRecord
from tui.store import Store, StoreError, database, writer_thread


def now() -> float:
    return 5.0


def make(path: Path) -> None:
    store = Store.open(path, now)
    store.add(SessionRecord(SessionInfo("aaaaaaaaaaaa", title="Kept")))
    store.close()


def make_one(path: Path) -> None:
    store = Store.open(path, now)
    store.add(SessionRecord(SessionInfo("")))
    store.close()


def list_sessions(path: Path) -> None:
    store = Store.open(path, now)
    try:
        store.sessions()
    finally:
        store.close()


def refused(path: Path) -> StoreError:
    with pytest.raises(StoreError) as told:
        Store.open(path, now).close()
    assert str(path) in told.value.what
    assert told.value.hint
    assert (told.value.cls, told.value.exit_code) == ("store-failed", 1)
    return told.value


def test_a_new_file_is_private_and_marked(tmp_path: Path) -> None:
    path = tmp_path / "data" / "sessions.db"
    make(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA application_id").fetchone()[0] == database.APPLICATION_ID
        assert db.execute("PRAGMA user_version").fetchone()[0] == database.VERSION
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_everything_beside_the_file_is_private_too(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    store = Store.open(path, now)
    store.add(SessionRecord(SessionInfo("aaaaaaaaaaaa")))
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {file.name for file in files} >= {"sessions.db", "sessions.db-wal"}
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    store.close()


def test_a_file_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    make(path)
    path.chmod(0o644)
    make_again = Store.open(path, now)
    make_again.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_connection_is_as_durable_as_can_be(tmp_path: Path) -> None:
    opened = database.open_file(tmp_path / "sessions.db")
    with closing(opened.db) as db:
        pragmas = {
            "synchronous": 2,
            "foreign_keys": 1,
            "secure_delete": 1,
            "busy_timeout": writer_thread.BUSY_MS,
        }
        assert {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas} == pragmas


@pytest.mark.parametrize(
    "content",
    [b"this is a text and no database\n" * 40, b"\x00" * 8192, b"SQLite format 3\x00" + b"\xff" * 4096],
)
def test_what_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sessions.db"
    path.write_bytes(content)
    told = refused(path)
    assert "not a database" in told.what
    assert "move it away" in told.hint
    assert path.read_bytes() == content


def test_a_damaged_page_is_told(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    make(path)
    data = bytearray(path.read_bytes())
    data[4096 : len(data)] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(StoreError) as told:
        list_sessions(path)
    assert "damaged" in told.value.what
    assert ".recover" in told.value.hint


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE theirs (a)")
    before = path.read_bytes()
    assert "another program" in refused(path).what
    assert path.read_bytes() == before


def test_a_newer_schema_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    make(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    told = refused(path)
    assert "newer" in told.what
    assert "99" in told.what
    assert "update" in told.hint


def test_a_file_somebody_holds_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 50)
    path = tmp_path / "sessions.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        told = refused(path)
    assert "locked" in told.what


def test_several_programs_make_the_file_at_once(tmp_path: Path) -> None:
    for n in range(5):
        path = tmp_path / str(n) / "data" / "sessions.db"
        start = threading.Barrier(4)
        told: list[str] = []

        def begin(path: Path = path, start: threading.Barrier = start, told: list[str] = told) -> None:
            start.wait()
            make_one(path)
            told.append("made")

        programs = [threading.Thread(target=begin) for _ in range(4)]
        for program in programs:
            program.start()
        for program in programs:
            program.join()
        assert told == ["made"] * 4
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("SELECT count(*) FROM session").fetchone()[0] == 4


def test_a_directory_in_the_place_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    path.mkdir()
    refused(path)


def test_a_file_in_the_place_of_the_directory(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    refused(tmp_path / "data" / "sessions.db")


_OPEN = """
    import os, sys
    from pathlib import Path
    if os.getuid() == 0:
        os.setgroups([]); os.setgid(65534); os.setuid(65534)
    from tui.store import Store, StoreError
    try:
        Store.open(Path(sys.argv[1]), lambda: 5.0).close()
    except StoreError as error:
        print(error.what, "|", error.hint)
"""


def _as_nobody(path: Path) -> str:
    """What a user without special rights is told; root may write everywhere."""
    # Read as root, so that the program can be imported before the rights are given up.
    preload = "import tui.store, tui.store.store\n" + textwrap.dedent(_OPEN)
    done = subprocess.run(
        [sys.executable, "-c", preload, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=Path.cwd(),
    )
    return done.stdout


def _open_to_all(directory: Path) -> None:
    """Let everybody reach a directory of the test."""
    for above in (directory, *directory.parents):
        if above.owner() == directory.owner() and above.stat().st_uid == os.getuid() and above != Path("/"):
            above.chmod(above.stat().st_mode | 0o055)


@pytest.mark.parametrize("what", ["directory", "file"])
def test_what_may_not_be_written(tmp_path: Path, what: str) -> None:
    path = tmp_path / "data" / "sessions.db"
    make(path)
    for file in path.parent.rglob("*"):
        file.chmod(0o755 if file.is_dir() else 0o644)
    if what == "file":
        path.chmod(0o444)
        path.parent.chmod(0o777)
    else:
        path.unlink()
        path.parent.chmod(0o555)
    _open_to_all(tmp_path)
    told = _as_nobody(path)
    path.parent.chmod(0o755)
    assert str(path) in told
    assert "may not be written" in told
    assert "--data-dir" in told


def test_a_full_disk_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def small(db: sqlite3.Connection) -> sqlite3.Connection:
        db.execute("PRAGMA max_page_count = 3")
        return db

    monkeypatch.setattr(database, "_set_up", small)
    told = refused(tmp_path / "sessions.db")
    assert "disk is full" in told.what


def test_a_file_system_without_a_write_ahead_log(tmp_path: Path) -> None:
    opened = database.open_file(tmp_path / "sessions.db", vfs="unix-dotfile")
    opened.db.close()
    assert "write-ahead log" in opened.remark
    ordinary = database.open_file(tmp_path / "other.db")
    ordinary.db.close()
    assert ordinary.remark == ""


NEXT = database.VERSION + 1


def _to_next(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE session ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'")


def _fails(db: sqlite3.Connection) -> None:
    _to_next(db)
    db.execute("INSERT INTO no_such_table VALUES (1)")


def _breaks(db: sqlite3.Connection) -> None:
    db.execute("INSERT INTO state_piece VALUES (99, 'a', 99)")


def test_an_older_file_is_brought_up_to_date_with_a_copy_beside(tmp_path: Path) -> None:
    path = tmp_path / "sessions.db"
    make(path)
    with closing(database.open_file(path, version=NEXT, migrations={database.VERSION: _to_next}).db) as db:
        assert db.execute("SELECT title, colour FROM session").fetchall() == [("Kept", "blue")]
        assert db.execute("PRAGMA user_version").fetchone()[0] == NEXT
        assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    backup = tmp_path / "sessions.db.v2.bak"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with closing(sqlite3.connect(backup)) as db:
        assert db.execute("SELECT title FROM session").fetchall() == [("Kept",)]
        assert db.execute("PRAGMA user_version").fetchone()[0] == database.VERSION
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "running",
        "sessions.db",
        "sessions.db.v2.bak",
    ]
    # Opened again there is nothing to do.
    database.open_file(path, version=NEXT, migrations={database.VERSION: _fails}).db.close()


@pytest.mark.parametrize("migration", [_fails, _breaks])
def test_a_migration_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, migration: Callable[[sqlite3.Connection], None]
) -> None:
    path = tmp_path / "sessions.db"
    make(path)
    with pytest.raises(StoreError):
        database.open_file(path, version=NEXT, migrations={database.VERSION: migration})
    store = Store.open(path, now)
    assert store.find("aaaaaaaaaaaa").title == "Kept"
    store.close()
    assert (tmp_path / "sessions.db.v2.bak").exists()


def test_every_version_has_its_way_to_the_next() -> None:
    assert set(database.MIGRATIONS) == set(range(1, database.VERSION))


def test_a_file_another_program_makes_at_the_same_moment_is_no_strangers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sessions.db"
    read, asked = database._number, 0

    def number(db: sqlite3.Connection, pragma: str) -> int:
        nonlocal asked
        found = read(db, pragma)
        asked += 1
        if asked == 2:
            database.open_file(path).db.close()
        return found

    monkeypatch.setattr(database, "_number", number)
    database.open_file(path).db.close()
    assert asked > 2
