"""The configuration is read from the right places in the right order, and secrets stay secret."""

import sys
from pathlib import Path

import pytest

from tui.config import paths
from tui.config.load import Revealer, load_config, parse, reveal_headers
from tui.config.schema import KEYS, Config, Secret
from tui.errors import ConfigError

EXAMPLE = Path(__file__).parents[2] / "config.example.yaml"
TWO = """
proxies:
  a: {url: "http://a:4000"}
  b: {url: "http://b:4000", key: sk-b}
"""


@pytest.fixture(autouse=True)
def _no_usual_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paths, "config_file", lambda: tmp_path / "usual" / "config.yaml")


def written(tmp_path: Path, text: str) -> str:
    file = tmp_path / "config.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def key(config: Config, environ: dict[str, str], name: str | None = None) -> str:
    return Revealer(config.proxy(name).key, environ)()


def test_the_example_is_valid_and_shows_every_key() -> None:
    config = load_config({}, file=str(EXAMPLE))
    assert config.proxy().name == "work"
    text = EXAMPLE.read_text(encoding="utf-8")
    for keys in KEYS.values():
        for each in keys:
            assert f" {each}:" in text or f"\n{each}:" in text or f" {each}: " in text, each


def test_without_a_file_the_built_in_configuration_counts() -> None:
    config = load_config({})
    assert (config.proxies, config.file, config.cache) == ({}, None, "5m")
    with pytest.raises(ConfigError, match="no proxy is configured"):
        config.proxy()


def test_the_file_is_found_by_flag_then_variable_then_usual_place(tmp_path: Path) -> None:
    usual = paths.config_file()
    usual.parent.mkdir()
    for file, model in ((usual, "usual"), (tmp_path / "v.yaml", "variable"), (tmp_path / "f.yaml", "flag")):
        file.write_text(f"default_model: {model}\n")
    variable = {"SIGHTLINE_CONFIG": str(tmp_path / "v.yaml")}
    assert load_config({}).default_model == "usual"
    assert load_config(variable).default_model == "variable"
    assert load_config(variable, file=str(tmp_path / "f.yaml")).default_model == "flag"
    assert load_config(variable, model="typed").default_model == "typed"


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.yaml: cannot be read"):
        load_config({}, file=str(tmp_path / "gone.yaml"))
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config({"SIGHTLINE_CONFIG": str(tmp_path)})


def test_both_variables_form_the_default_proxy_env(tmp_path: Path) -> None:
    environ = {"LITELLM_PROXY_URL": "http://e:4000", "LITELLM_PROXY_API_KEY": "sk-env"}
    file = written(tmp_path, TWO + "default_proxy: b\n")
    config = load_config(environ, file=file)
    assert (config.proxy().name, config.proxy().url, key(config, environ)) == (
        "env",
        "http://e:4000",
        "sk-env",
    )
    chosen = load_config(environ, file=file, proxy="a")
    assert chosen.proxy().name == "a"
    assert key(chosen, environ) == ""
    assert key(chosen, environ, "b") == "sk-b"


def test_the_key_alone_serves_only_a_default_proxy_without_a_key(tmp_path: Path) -> None:
    environ = {"LITELLM_PROXY_API_KEY": "sk-env"}
    config = load_config(environ, file=written(tmp_path, TWO))
    assert key(config, environ) == "sk-env"
    other = load_config(environ, file=written(tmp_path, TWO + "default_proxy: b\n"))
    assert key(other, environ) == "sk-b"
    assert key(other, environ, "a") == ""
    flagged = load_config(environ, file=written(tmp_path, TWO + "default_proxy: b\n"), proxy="a")
    assert key(flagged, environ) == ""
    assert load_config(environ).proxies == {}


def test_the_address_alone_never_displaces_what_is_configured(tmp_path: Path) -> None:
    environ = {"LITELLM_PROXY_URL": "http://e:4000"}
    assert load_config(environ).proxy().name == "env"
    config = load_config(environ, file=written(tmp_path, TWO))
    assert config.proxy().name == "a"
    assert load_config(environ, file=written(tmp_path, TWO), proxy="env").proxy().url == "http://e:4000"


def test_a_bad_address_in_the_environment_is_named() -> None:
    with pytest.raises(ConfigError, match="LITELLM_PROXY_URL: must begin with http") as failed:
        load_config({"LITELLM_PROXY_URL": "localhost:4000"})
    assert failed.value.hint == "such as http://localhost:4000"


def test_an_unknown_proxy_on_the_command_line_is_refused_with_the_nearest() -> None:
    environ = {"LITELLM_PROXY_URL": "http://e:4000"}
    with pytest.raises(ConfigError) as failed:
        load_config(environ, proxy="evn")
    assert failed.value.hint == "did you mean env?"
    assert failed.value.exit_code == 2


def test_variables_are_filled_and_a_missing_one_hurts_only_who_needs_it(tmp_path: Path) -> None:
    text = "proxies:\n  a: {url: 'http://${HOST}:1'}\n  b: {url: 'http://b', key: '${NOPE}'}\n"
    config = load_config({"HOST": "here"}, file=written(tmp_path, text))
    assert config.proxy("a").url == "http://here:1"
    lacking = load_config({}, file=written(tmp_path, text))
    assert lacking.proxy("b").url == "http://b"
    with pytest.raises(ConfigError, match=r"config\.yaml:2: proxies\.a: the environment variable HOST"):
        lacking.proxy("a")
    with pytest.raises(ConfigError, match=r"config\.yaml:3: proxies\.b\.key: the environment variable NOPE"):
        key(lacking, {}, "b")


def test_a_command_prints_the_key_once_and_only_when_needed(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    code = f"import pathlib; p=pathlib.Path({str(marker)!r}); p.open('a').write('x'); print('sk-cmd')"
    reveal = Revealer(Secret(command=(sys.executable, "-c", code)), {})
    assert not marker.exists()
    assert (reveal.told, marker.exists()) == ("", False)
    assert (reveal(), reveal(), marker.read_text()) == ("sk-cmd", "sk-cmd", "x")
    assert reveal.told == "sk-cmd"


def test_a_secret_is_told_where_nothing_has_to_run_for_it() -> None:
    assert Revealer(Secret(template="${A}"), {"A": "sk-told"}).told == "sk-told"
    assert Revealer(Secret(template="${A}"), {}).told == ""
    assert Revealer(None, {}).told == ""


@pytest.mark.parametrize(
    ("secret", "says"),
    [
        (Secret(command=("/no/such/program",), place="f:1: key"), "f:1: key: /no/such/program cannot be run"),
        (Secret(command=(sys.executable, "-c", "raise SystemExit(3)"), place="p"), "failed with exit code 3"),
        (Secret(command=(sys.executable, "-c", ""), place="p"), "p: is empty"),
        (Secret(template="two\nlines", place="p"), "holds a line break"),
    ],
)
def test_a_secret_that_cannot_be_had_is_explained(secret: Secret, says: str) -> None:
    with pytest.raises(ConfigError) as failed:
        Revealer(secret, {})()
    assert says in str(failed.value)


def test_a_secret_never_shows_itself_nor_a_failing_commands_output() -> None:
    config = parse(b"proxies: {a: {url: 'http://a', key: sk-hidden, headers: {x-k: sk-too}}}", "f", {})
    shown = f"{config!r} {config} {config.proxies['a'].key!s}"
    assert "sk-" not in shown
    assert reveal_headers(config.proxy(), {}) == {"x-k": "sk-too"}
    code = "import sys; print('sk-leak'); sys.exit(1)"
    with pytest.raises(ConfigError) as failed:
        Revealer(Secret(command=(sys.executable, "-c", code)), {})()
    assert "sk-leak" not in str(failed.value)


def test_a_value_that_looks_like_a_variable_is_not_filled_again() -> None:
    assert Revealer(Secret(template="${A}"), {"A": "${B}"})() == "${B}"


def test_the_data_directory_follows_flag_then_variable(tmp_path: Path) -> None:
    environ = {"SIGHTLINE_DATA_DIR": str(tmp_path / "v")}
    assert paths.data_dir(str(tmp_path / "f"), environ) == tmp_path / "f"
    assert paths.data_dir(None, environ) == tmp_path / "v"
    assert "sightline" in str(paths.data_dir(None, {}))


@pytest.mark.parametrize("tagged", ["!!int ", "!!float ''", "!!bool sk-secret", "!!int sk-secret"])
def test_a_value_that_is_not_what_its_tag_says_is_an_error_that_keeps_it_to_itself(tagged: str) -> None:
    with pytest.raises(ConfigError, match=r"c\.yaml:1: the value is not what its tag says") as caught:
        parse(f"default_model: {tagged}".encode(), "c.yaml", {})
    assert "secret" not in str(caught.value)
