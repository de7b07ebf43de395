"""Where spans go and what a proxy's logs are told, as the configuration says it."""

from pathlib import Path

import pytest

from tui.config.load import load_config
from tui.config.schema import Config
from tui.errors import ConfigError

PROXY = "proxies:\n  team: {url: 'http://localhost:4000'"


def loaded(tmp_path: Path, text: str) -> Config:
    file = tmp_path / "config.yaml"
    file.write_text(text)
    return load_config({}, file=str(file), proxy=None)


@pytest.mark.parametrize(
    ("endpoint", "whole"),
    [
        ("http://localhost:4318", "http://localhost:4318/v1/traces"),
        ("https://host/api/public/otel/", "https://host/api/public/otel/v1/traces"),
        ("https://host/v1/traces", "https://host/v1/traces"),
    ],
)
def test_the_path_is_added_where_it_is_missing(tmp_path: Path, endpoint: str, whole: str) -> None:
    traces = loaded(tmp_path, f"traces:\n  endpoint: {endpoint}\n").traces
    assert traces is not None
    assert (traces.endpoint, traces.content, traces.headers) == (whole, "off", {})


def test_nothing_is_traced_and_ids_are_told_by_default(tmp_path: Path) -> None:
    config = loaded(tmp_path, PROXY + "}\n")
    assert config.traces is None
    assert (config.proxy().tags, config.proxy().log_ids) == ((), True)
    config = loaded(tmp_path, PROXY + ", tags: [a, team b], log_ids: false}\n")
    assert (config.proxy().tags, config.proxy().log_ids) == (("a", "team b"), False)


def test_a_header_is_a_secret(tmp_path: Path) -> None:
    text = "traces:\n  endpoint: http://h\n  headers: {x-key: sk-secret-secret}\n  content: on\n"
    traces = loaded(tmp_path, text).traces
    assert traces is not None
    assert traces.content == "on"
    assert "secret" not in repr(traces)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("traces: {content: on}", "traces: has no endpoint"),
        ("traces: {endpoint: 'ftp://h'}", "must begin with http"),
        ("traces: {endpoint: 'http://${HOST}'}", "plain URL"),
        ("traces: {endpoint: 'http://h', content: full}", "'full' is not valid"),
        ("traces: {endpoint: 'http://h', endpont: x}", "unknown key"),
        (PROXY + ", tags: ['a,b']}", "without a comma"),
        (PROXY + ', tags: ["a\\nb"]}', "without a comma"),
        (PROXY + ", tags: a}", "must be a list"),
        (PROXY + ", log_ids: maybe}", "true or false"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        loaded(tmp_path, text + "\n")
