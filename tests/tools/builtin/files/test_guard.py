"""Our own files, secrets and the running system are told by what they are, not only by name."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.tools.builtin.files import guard
from tui.tools.builtin.files.guard import Guard, holds_private_key, holds_secrets
from tui.tools.builtin.files.root import Root
from tui.tools.toolbox import ToolError


def _guard(root: Path, *forbidden: Path) -> Guard:
    return Guard(str(root), forbidden, lambda _: False)


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        "app/.env",
        ".env.production",
        ".ENV.Local",
        ".envrc",
        ".netrc",
        "_netrc",
        ".npmrc",
        ".pypirc",
        ".pgpass",
        ".ssh/known_hosts",
        "backup/.ssh/id_rsa",
        "id_ed25519",
        "ID_RSA",
        "id_ed25519.",
        ".gnupg/x",
        ".aws/config",
        ".kube/config",
        ".docker/config.json",
        ".azure/token",
        ".config/gcloud/x",
        ".config/gh/hosts.yml",
        ".git-credentials",
        ".git/config",
        "sub/.git/config",
        "tls/server.key",
        "a.p12",
        "b.PFX",
        "keys.kdbx",
        ".bash_history",
        ".psql_history",
        ".password-store/mail.gpg",
        "ｉｄ＿ｒｓａ",
    ],
)
def test_what_holds_secrets(path: str) -> None:
    assert holds_secrets(path.split("/"))


@pytest.mark.parametrize(
    "path",
    [
        ".env.example",
        ".env.sample",
        ".env.template",
        ".envoy",
        "environment",
        "src/env.py",
        "ssh/readme.md",
        ".gitignore",
        ".git/HEAD",
        "id_rsa.pub",
        "keys.py",
        "key",
        "monkey",
        "order_history",
        ".config/app.yaml",
        "docker/config.json",
    ],
)
def test_what_does_not(path: str) -> None:
    assert not holds_secrets(path.split("/"))


def test_private_keys_are_told_by_what_is_in_them() -> None:
    assert holds_private_key(b"-----BEGIN RSA PRIVATE KEY-----\nMII")
    assert holds_private_key(b"Bag Attributes\n-----BEGIN PRIVATE KEY-----\n")
    assert not holds_private_key(b"-----BEGIN CERTIFICATE-----\nMII")
    assert not holds_private_key(b'KEY = "-----BEGIN PRIVATE KEY-----"')


def test_a_root_within_ours_or_among_secrets_is_closed(tmp_path: Path) -> None:
    for directory in ("ours/data", ".ssh/keys"):
        (tmp_path / directory).mkdir(parents=True)
    with (
        pytest.raises(ToolError, match="this program's own"),
        Root(tmp_path / "ours/data", (tmp_path / "ours",)).spot("x"),
    ):
        pass
    with pytest.raises(ToolError, match="passwords or keys"), Root(tmp_path / ".ssh/keys").spot("x"):
        pass


def test_ours_is_known_by_identity_under_any_name(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "deep").mkdir()
    (tmp_path / "ours" / "deep" / "file").write_text("x")
    judge = _guard(tmp_path, tmp_path / "ours").judge
    with pytest.raises(ToolError, match="this program's own"):
        judge(("called", "otherwise"), (tmp_path / "ours").stat())
    (tmp_path / "plain").write_text("x")
    (tmp_path / "plain2").hardlink_to(tmp_path / "plain")
    judge(("plain",), (tmp_path / "plain").stat())
    (tmp_path / "linked").hardlink_to(tmp_path / "ours" / "deep" / "file")
    with pytest.raises(ToolError, match="this program's own"):
        judge(("linked",), (tmp_path / "linked").stat())


def test_a_forbidden_path_over_a_link_counts_in_both_spellings(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "alias").symlink_to("real")
    for path in ("real/new", "alias/new", "REAL/new"):
        with pytest.raises(ToolError, match="this program's own"):
            _guard(tmp_path, tmp_path / "alias").judge(tuple(path.split("/")), None)


def test_a_mounted_system_file_system_is_known_by_its_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "environ").write_text("x")
    entry = (tmp_path / "environ").stat()
    _guard(tmp_path).judge(("environ",), entry)
    monkeypatch.setattr(guard, "_system_devices", lambda: {entry.st_dev})
    with pytest.raises(ToolError, match="running system"):
        _guard(tmp_path).judge(("environ",), entry)


@pytest.mark.skipif(not os.path.exists("/proc/self/mountinfo"), reason="mounts are told there on Linux alone")
def test_proc_is_among_the_system_devices_and_the_disk_is_not(tmp_path: Path) -> None:
    devices = guard._system_devices()
    assert os.stat("/proc").st_dev in devices
    assert tmp_path.stat().st_dev not in devices


@given(st.lists(st.text(min_size=1, max_size=8), max_size=4))
def test_any_names_are_judged(names: list[str]) -> None:
    try:
        _guard(Path("/srv"), Path("/srv/ours")).judge(names, None, writing=True)
    except ToolError as error:
        assert str(error)  # noqa: PT017 - either is right, as long as there are words
