"""A proxy or a preset is added without touching anything else, or not at all."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.test_knobs import VALUES
from tui.chat.settings import OutputSchema, Preset
from tui.config.load import parse
from tui.config.write import add_preset, add_proxy
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


PRESET = Preset(
    "smart",
    "chat",
    "Be brief.\n\n  Then stop.",
    ("calculator", "shell"),
    {"thinking": "off", "temperature": 0.5, "stop": ("\n\n",), "top_p": None, "stream": False},
)


def test_a_preset_reads_like_one_written_by_hand(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    add_preset(file, "brief", PRESET)
    assert (
        file.read_text()
        == """\
presets:
  "brief":
    model: "smart"
    endpoint: chat
    system: |-
      Be brief.

        Then stop.
    tools: ["calculator", "shell"]
    thinking: off
    temperature: 0.5
    stop: ["\\u000a\\u000a"]
    top_p: default
    stream: off
"""
    )
    assert parse(file.read_bytes(), "c", {}).presets == {"brief": PRESET}


@pytest.mark.parametrize(
    "old",
    [
        COMMENTED,
        COMMENTED.replace("\n", "\r\n"),
        "presets:\n",
        "presets:\n   a:\n      model: b # mine\n\n# end",
    ],
)
def test_a_preset_leaves_every_old_line_where_it_was(tmp_path: Path, old: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_bytes(old.encode())
    add_preset(file, "b", PRESET)
    add_preset(file, "c", Preset())
    new = file.read_bytes()
    config = parse(new, "c", {})
    assert (config.presets["b"], config.presets["c"]) == (PRESET, Preset())
    kept = [line for line in new.decode().splitlines() if line in old.splitlines()]
    assert [line for line in kept if line.strip()] == [line for line in old.splitlines() if line.strip()]


_TEXTS = st.text() | st.text("a \n:#-'\"\\{}[]&*!|>%@`,?\t\x00\x7f\x85\u2028\ufeff😀", max_size=30)
_KNOBS = {name: strategy for name, strategy in VALUES.items() if name != "headers"}


@given(
    model=st.none() | _TEXTS.filter(str.strip),
    system=st.none() | _TEXTS.filter(str.strip),
    tools=st.none() | st.lists(_TEXTS.filter(str.strip), max_size=3).map(tuple),
    overrides=st.fixed_dictionaries({}, optional=_KNOBS),
)
def test_any_preset_reads_back_the_same_or_is_refused(
    model: Any, system: Any, tools: Any, overrides: Any
) -> None:
    preset = Preset(model, "auto", system, tools, overrides)
    with TemporaryDirectory() as place:
        file = Path(place) / "config.yaml"
        file.write_text(COMMENTED)
        refused = ""
        try:
            add_preset(file, "new", preset)
        except ConfigError as error:
            refused = str(error)
        if refused:
            # Only what UTF-8 or a JSON file cannot hold.
            assert "cannot be extended" in refused
            assert file.read_text() == COMMENTED
        else:
            assert parse(file.read_bytes(), "c", {}).presets["new"] == preset


def test_what_hypothesis_would_hardly_hit_is_kept(tmp_path: Path) -> None:
    odd = Preset(overrides={"extra": {"a": [1e-07, 1e16, -2.5, 10**30, True, None, "1e5", {"": "off"}]}})
    schema = Preset(overrides={"schema": OutputSchema("n", {"type": "object", "title": "x: y # z"})})
    file = tmp_path / "config.yaml"
    add_preset(file, "odd", odd)
    add_preset(file, "schema", schema)
    assert parse(file.read_bytes(), "c", {}).presets == {"odd": odd, "schema": schema}


@pytest.mark.parametrize(
    ("old", "name", "preset", "says"),
    [
        ("presets: {a: {}}\n", "b", PRESET, "presets is written in a form that cannot be extended"),
        ("presets:\n  a: {}\n", "a", PRESET, "a preset 'a' is already there"),
        ("", "b c", PRESET, "a preset's name"),
        ("", "b", Preset(overrides={"headers": {"x-key": "s3cret"}}), "headers are not written"),
    ],
)
def test_what_cannot_be_written_leaves_the_file_alone(
    tmp_path: Path, old: str, name: str, preset: Preset, says: str
) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(old)
    with pytest.raises(ConfigError) as failed:
        add_preset(file, name, preset)
    assert says in str(failed.value)
    assert "s3cret" not in str(failed.value)
    assert file.read_text() == old
    assert list(tmp_path.iterdir()) == [file]
