"""The store behind a run, opened when it is needed; and every secret that must stand in no export."""

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tui.config.load import Revealer, load_config
from tui.config.schema import Config
from tui.store.failure import StoreError
from tui.world.sessions import FILE, LazyStore, known_secrets, not_kept

CONFIG = """\
proxies:
  plain:
    url: http://${PLACE}:4000
    key: sk-in-the-file
    headers: {x-team: laboratory, x-api-key: header-secret, authorization: "Bearer ${TOKEN}"}
  named:
    url: http://127.0.0.1:4001
    key: ${NAMED_KEY}
  asked:
    url: http://127.0.0.1:4002
    key: {command: [COMMAND]}
models:
  "smart": {headers: {x-goog-api-key: "${GOOGLE}", x-lab: "seven-of-nine"}}
presets:
  one: {model: smart, headers: {x-secret-thing: preset-secret}}
"""
ENVIRON = {
    "PLACE": "gateway.example",
    "TOKEN": "token-of-the-header",
    "NAMED_KEY": "sk-named",
    "GOOGLE": "google-secret",
    "LITELLM_PROXY_API_KEY": "sk-of-the-environment",
    "UNUSED": "nobody-asked",
}


def configured(tmp_path: Path, command: str = "true-or-false") -> Config:
    file = tmp_path / "config.yaml"
    file.write_text(CONFIG.replace("COMMAND", command))
    return load_config(ENVIRON, file=str(file))


def test_every_secret_of_the_configuration_is_known(tmp_path: Path) -> None:
    secrets = known_secrets(configured(tmp_path), ENVIRON)
    assert set(secrets.values) == {
        "sk-in-the-file",
        "header-secret",
        "token-of-the-header",
        "sk-named",
        "google-secret",
        "preset-secret",
        "sk-of-the-environment",
    }
    assert list(secrets.values) == sorted(secrets.values, key=len, reverse=True)


def test_no_command_is_run_for_looking_and_what_ran_is_known(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    code = f"open({str(marker)!r}, 'w').close(); print('sk-of-the-command')"
    config = configured(tmp_path, f'{sys.executable}, -c, "{code}"')
    secrets = known_secrets(config, ENVIRON)
    assert (secrets.untold, marker.exists()) == (("asked",), False)
    key = Revealer(config.proxies["asked"].key, ENVIRON)
    assert known_secrets(config, ENVIRON, [key]).untold == ("asked",)
    assert key() == "sk-of-the-command"
    told = known_secrets(config, ENVIRON, [key])
    assert told.untold == ()
    assert "sk-of-the-command" in told.values


def test_what_is_short_or_not_set_is_no_secret(tmp_path: Path) -> None:
    environ = {**ENVIRON, "NAMED_KEY": "abc", "GOOGLE": "", "LITELLM_PROXY_API_KEY": ""}
    values = known_secrets(configured(tmp_path), environ).values
    assert "abc" not in values
    assert "" not in values
    assert known_secrets(Config(), {}).values == ()


@pytest.fixture
def lazy(tmp_path: Path) -> Iterator[LazyStore]:
    with closing(LazyStore(tmp_path / "data", lambda: 1.0)) as made:
        yield made


def test_nothing_is_made_before_it_is_needed(lazy: LazyStore, tmp_path: Path) -> None:
    assert list(tmp_path.iterdir()) == []
    store = lazy.open()
    assert (store.path, store.problem, lazy.failure) == (tmp_path / "data" / FILE, "", None)
    assert lazy.open() is lazy.must_open() is store


@pytest.mark.parametrize("content", [b"this is no database" * 1000, None])
def test_where_the_file_cannot_be_used_it_is_memory_or_an_error(
    lazy: LazyStore, tmp_path: Path, content: bytes | None
) -> None:
    (tmp_path / "data").mkdir()
    if content is None:
        (tmp_path / "data" / FILE).mkdir()
    else:
        (tmp_path / "data" / FILE).write_bytes(content)
    store = lazy.open()
    assert store.path is None
    assert str(tmp_path) in store.problem
    with pytest.raises(StoreError) as caught:
        lazy.must_open()
    assert caught.value.exit_code == 1
    assert caught.value.hint
    told = not_kept(caught.value)
    assert told.cls == "store-failed"
    assert "memory" in told.says
    assert told.mend == caught.value.hint
