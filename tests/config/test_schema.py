"""Every mistake in the file is named with file, line, key path and what was probably meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.config.load import parse
from tui.errors import ConfigError

PROXY = "proxies:\n  p:\n    url: http://h\n"


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        ("defualt_model: x\n", "c.yaml:1: defualt_model: unknown key", "did you mean default_model?"),
        ("\n\nproxies:\n  p:\n    ulr: x\n", "c.yaml:5: proxies.p.ulr: unknown key", "did you mean url?"),
        (
            PROXY + "    timeout:\n      frist_byte: 3\n",
            "c.yaml:5: proxies.p.timeout.frist_byte",
            "first_byte",
        ),
        (PROXY + "    timeout: {idle: fast}\n", "c.yaml:4: proxies.p.timeout.idle: must be a positive", ""),
        (PROXY + "    server: lite\n", "c.yaml:4: proxies.p.server: 'lite' is not valid", "litellm"),
        (PROXY + "    key: 12345\n", "c.yaml:4: proxies.p.key: must be a text", "quotes"),
        (PROXY + "    key: {cmd: [x]}\n", "c.yaml:4: proxies.p.key.cmd: unknown key", "command"),
        (PROXY + "    key: {command: []}\n", "c.yaml:4: proxies.p.key.command: must name a program", ""),
        (PROXY + "    headers: {'bad name': x}\n", "proxies.p.headers.bad name: is not a header's name", ""),
        ("proxies:\n  p: {}\n", "c.yaml:2: proxies.p: has no url", "url: "),
        ("proxies:\n  p: 3\n", "c.yaml:2: proxies.p: must be a mapping", "config.example.yaml"),
        ("proxies:\n  env: {url: http://h}\n", "c.yaml:2: proxies.env: the name env belongs", "another"),
        ("proxies: {p: {url: h:4000}}\n", "proxies.p.url: must begin with http", "such as http://"),
        ("proxies: {p: {url: 'http://u:pw@h'}}\n", "proxies.p.url: must not hold a user", ""),
        ("proxies: {p: {url: 'http://h?x=1'}}\n", "proxies.p.url: must not have a query", ""),
        ("proxies: {p: {url: 'http://h:port'}}\n", "proxies.p.url: is not a URL", ""),
        (PROXY + "default_proxy: q\n", "c.yaml:4: default_proxy: no proxy 'q'", "configured: p"),
        ("cache: 10m\n", "c.yaml:1: cache: '10m' is not valid", "1h"),
        ("routing:\n  rules:\n    - match: x\n", "c.yaml:3: routing.rules[0]: needs either", ""),
        ("routing: {rules: [{match: x, endpoint: chta}]}\n", "routing.rules[0].endpoint: 'chta'", "chat?"),
        ("routing: {rules: {}}\n", "routing.rules: must be a list", ""),
        ("models: {a: {thinking: hihg}}\n", "models.a.thinking: 'hihg' is not valid", "high?"),
        ("models: {a: {max_tokens: -1}}\n", "models.a.max_tokens: must be a positive whole number", ""),
        ("models: {a: {stream: maybe}}\n", "models.a.stream: must be on or off", ""),
        ("tools: calculator\n", "tools: must be a list", ""),
        ("limits: {steps: true}\n", "limits.steps: must be a positive whole number", ""),
        ("ui: {mouse: 3}\n", "ui.mouse: must be true or false", ""),
        ("anthropic_version: latest\n", "anthropic_version: must be a date", ""),
        ("cache: 5m\nui: {}\ncache: 1h\n", "c.yaml:3: cache: stands twice, first in line 1", ""),
        ("ui:\n\tmouse: true\n", "c.yaml:2: ", "not tabs"),
        ("proxies: [\n", "c.yaml:", "indentation"),
        ("- a\n", "c.yaml:1: the file: must be a mapping", ""),
        ("cache: !!python/object:os.system x\n", "c.yaml:1: the tag", ""),
        ("? [a]\n: b\n", "c.yaml:1: a key must be a text", ""),
        ("a: \x07\n", "c.yaml:1: holds a character", ""),
        ("cache: 5m\n---\ncache: 1h\n", "c.yaml:2: ", ""),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, says: str, hint: str) -> None:
    with pytest.raises(ConfigError) as failed:
        parse(text.encode(), "c.yaml", {})
    assert says in str(failed.value)
    assert hint in failed.value.hint
    assert (failed.value.cls, failed.value.exit_code) == ("bad-config", 2)


def test_a_file_that_is_not_utf8_names_the_line() -> None:
    with pytest.raises(ConfigError, match=r"c\.yaml:2: is not UTF-8"):
        parse(b"cache: 5m\n# caf\xe9\n", "c.yaml", {})


def test_a_bomb_of_aliases_is_refused_soon() -> None:
    rows = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    rows += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with pytest.raises(ConfigError, match="too many values"):
        parse("\n".join(rows).encode(), "c.yaml", {})


@pytest.mark.parametrize("text", ["models: &m\n  a: *m\n", "extra: " + "[" * 90, "x: " + "[" * 5000])
def test_a_bottomless_file_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        parse(text.encode(), "c.yaml", {})


def test_words_that_yaml_reads_as_booleans_are_taken_as_written() -> None:
    config = parse(
        b"cache: off\nmodels: {a: {thinking: on}, b: {thinking: off}, c: {thinking: 2048}}", "c", {}
    )
    assert config.cache == "off"
    assert [m.knobs for m in config.models] == [{"thinking": t} for t in ("on", "off", 2048)]


def test_an_empty_file_and_empty_sections_are_the_defaults() -> None:
    for text in (b"", b"# nothing\n", b"proxies:\nmodels:\nui:\n", b"\xef\xbb\xbfcache: 5m\n"):
        config = parse(text, "c", {})
        assert (config.proxies, config.models, config.cache) == ({}, (), "5m")


def test_settings_of_a_model_are_merged_over_its_patterns() -> None:
    text = b"""
cache: 1h
models:
  "anthropic/*": {thinking: high, max_tokens: 9, extra: {a: 1}, system: hello}
  "*opus*": {thinking: 4096, cache: off, extra: {b: [2, {c: null}]}, stream: false}
"""
    config = parse(text, "c", {})
    both = config.settings_for("smart", "anthropic/claude-opus-4-5")
    assert (both.thinking, both.max_tokens, both.cache, both.stream) == (4096, 9, "off", False)
    assert both.extra == {"a": 1, "b": [2, {"c": None}]}
    assert (config.system_for("anthropic/x"), config.system_for("other")) == ("hello", None)
    other = config.settings_for("openai/gpt-5.1")
    assert (other.thinking, other.cache, other.stream) == (None, "1h", True)


def test_no_tools_and_some_tools() -> None:
    assert parse(b"tools: none", "c", {}).tools.offered == ()
    assert parse(b"tools: [a, b]", "c", {}).tools.offered == ("a", "b")
    assert parse(b"", "c", {}).tools.offered is None


@given(st.text(alphabet="pu: \n\t-[]{}&*a!'\"#|>0off?,", max_size=60) | st.text(max_size=40))
def test_no_text_fails_in_another_way(text: str) -> None:
    said = ""
    try:
        parse(text.encode("utf-8", "surrogatepass"), "c.yaml", {})
    except ConfigError as error:
        said = str(error)
    assert not said or "c.yaml" in said
