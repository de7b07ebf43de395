"""A proxy is added without touching anything else, or not at all."""

from pathlib import Path

import pytest

from tui.config.load import parse
from tui.config.write import add_proxy
from tui.errors import ConfigError

COMMENTED = """\
# mine
default_proxy: a   # the one at work

proxies:
    # at work
    a:
        url: http://a   # inside
        headers:
            x: y

    # a note behind the last

cache: 1h
"""


def test_a_missing_file_is_created_for_the_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "config.yaml"
    add_proxy(file, "home", "http://h:4000", key="${HOME_KEY}")
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text() == 'proxies:\n  "home":\n    url: "http://h:4000"\n    key: ${HOME_KEY}\n'


@pytest.mark.parametrize(
    "old",
    [
        COMMENTED,
        COMMENTED.replace("\n", "\r\n"),
        "cache: 1h",
        "proxies:\n",
        "proxies:\ncache: 1h\n",
        "# only a remark\n",
        "proxies:\n  a:\n    url: http://a\n",
        "proxies:\n  a:\n    url: http://a",
        "proxies:\n  a: {url: http://a}\n# end\n",
        "proxies:\n  a:\n    url: http://a\n    key:\n      command:\n      - |\n        pass\n\nui: {}\n",
        "proxies:\n  a:\n    url: http://a\n    key:\nui: {}\n",
        "\ufeffcache: 1h\n",
    ],
)
def test_every_old_line_stays_and_the_proxy_is_there(tmp_path: Path, old: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_bytes(old.encode())
    add_proxy(file, "b", "https://b/v1")
    new = file.read_bytes()
    config = parse(new, "c", {})
    assert config.proxies["b"].url == "https://b/v1"
    kept = [line for line in new.decode().splitlines() if line in old.splitlines()]
    assert [line for line in kept if line.strip()] == [line for line in old.splitlines() if line.strip()]
    before = parse(old.encode(), "c", {})
    assert (config.cache, config.default_proxy) == (before.cache, before.default_proxy)
    assert [p for p in config.proxies if p != "b"] == list(before.proxies)


@pytest.mark.parametrize(
    ("old", "name", "key", "says"),
    [
        ("proxies: {a: {url: http://a}}\n", "b", None, "cannot be extended"),
        ("proxies:\n  a:\n    url: http://a\n", "a", None, "already there"),
        ("proxies: [\n", "b", None, ":"),
        ("", "env", None, "belongs to"),
        ("", "b c", None, "letters"),
        ("", "b", "sk-secret", "only written as ${VAR}"),
        ("{cache: 1h}\n", "b", None, "cannot be extended"),
    ],
)
def test_what_cannot_be_done_safely_leaves_the_file_alone(
    tmp_path: Path, old: str, name: str, key: str | None, says: str
) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(old)
    with pytest.raises(ConfigError) as failed:
        add_proxy(file, name, "http://b", key=key)
    assert says in str(failed.value)
    assert "sk-secret" not in str(failed.value)
    assert file.read_text() == old
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_is_followed_and_the_mode_is_kept(tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    real.write_text("cache: 1h\n")
    real.chmod(0o640)
    link = tmp_path / "config.yaml"
    link.symlink_to(real)
    add_proxy(link, "b", "http://b")
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert "http://b" in real.read_text()
