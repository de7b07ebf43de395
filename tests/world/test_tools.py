"""What tools may reach in a real run: no secret, nothing of ours, the rules of the configuration."""

import os
import stat
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.chat.parts import ToolCall
from tui.cli import args
from tui.config.schema import ProxySettings, Secret
from tui.errors import ConfigError, UsageError
from tui.gateway.client import Endpoint
from tui.tools.approval import Approvals
from tui.world.build import World, open_world
from tui.world.tools import command_environment

KEY = "sk-configured-secret-1"
SECRETS = {
    "WORK_LITELLM": KEY,
    "TEAM_VALUE": "team-value-of-a-header",
    "LITELLM_PROXY_API_KEY": "plain-key-of-the-environment",
    "COPY_OF_IT": f"prefix {KEY} suffix",
    "PRINTED": "printed-by-a-command",
    "OPENAI_API_KEY": "whatever-1",
    "GITHUB_TOKEN": "whatever-2",
    "DB_PASSWORD": "whatever-3",
    "DATABASE": "postgres://me:whatever-4@db/x",
    "NOTES": "Bearer whatever-5-and-more",
}
CONFIG = """\
proxies:
  work:
    url: http://127.0.0.1:9
    key: ${{WORK_LITELLM}}
    headers:
      x-team: ${{TEAM_VALUE}}
  other:
    url: http://127.0.0.1:9
    key: {{command: [{command}]}}
default_proxy: {default}
approval:
  allow: ["shell(git status*)"]
  deny: ["shell(*curl*)", "http_get(http*://*/admin*)", "read_file(private/**)"]
files: {{root: {root}}}
http: {{allow: [127.0.0.1]}}
shell: {{seconds: 30}}
"""


def parsed(*words: str) -> Namespace:
    return args.parse(["ask", *words, "hi"])


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HARMLESS", "kept")
    command = tmp_path / "key.sh"
    command.write_text('#!/bin/sh\necho "$PRINTED"\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    root = tmp_path / "root"
    root.mkdir()
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG.format(command=command, default="work", root=root))
    return path


def named(file: Path, **changes: str) -> Path:
    text = file.read_text()
    for old, new in changes.items():
        text = text.replace(old, new)
    file.write_text(text)
    return file


async def told(world: World, command: str) -> str:
    arguments = f'{{"command": "{command}", "seconds": null}}'
    return (await world.all_tools().run(ToolCall("c", "shell", arguments))).text


@pytest.mark.parametrize("default", ["work", "other"])
async def test_no_configured_secret_is_in_the_environment_of_a_command(file: Path, default: str) -> None:
    named(file, **{"default_proxy: work": f"default_proxy: {default}"})
    with open_world(parsed("--config", str(file)), sim_speed=0) as world:
        text = await told(world, "env; cat /proc/self/environ 2>/dev/null | tr '\\\\0' '\\\\n'")
        parents = await told(
            world, "tr '\\\\0' '\\\\n' < /proc/$PPID/environ; tr '\\\\0' ' ' < /proc/$PPID/cmdline"
        )
    assert "HARMLESS=kept" in text
    assert f"PATH={os.environ['PATH']}" in text
    hidden = {value for name, value in SECRETS.items() if name != "PRINTED" or default == "other"}
    for value in hidden | {"whatever"}:
        assert value not in text
        assert value not in parents


async def test_the_key_of_the_simulated_gateway_is_none_either(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_world(parsed("--config", str(file), "--sim"), sim_speed=0) as world:
        key = world.link.endpoint.key()
        monkeypatch.setenv("COPY", key)
        assert key not in await told(world, "env")


NOTHING = Endpoint(key=lambda: "")


def proxy(template: str) -> ProxySettings:
    return ProxySettings("p", "http://127.0.0.1:9", Secret(template=template))


@given(st.text(st.characters(codec="ascii", exclude_characters="\0="), min_size=6, max_size=30))
def test_any_secret_is_taken_out_wherever_it_stands(secret: str) -> None:
    secret = f"<{secret.strip()}>"
    environ = {"ONE": secret, "TWO": f"a{secret}b", "THREE": "harmless"}
    for configured in (proxy("${ONE}"), proxy(secret)):
        kept = command_environment(environ, [configured], NOTHING)
        assert not [name for name, value in kept.items() if secret in value]
        assert kept["THREE"] == "harmless"


@pytest.mark.parametrize(
    "name",
    [
        "API_KEY",
        "MY_TOKEN",
        "aws_secret_access_key",
        "PGPASSWORD",
        "SSH_PASSPHRASE",
        "NPM_AUTH",
        "SENTRY_DSN",
        "GH_PAT",
    ],
)
def test_names_that_tell_a_secret_are_left_out(name: str) -> None:
    assert name not in command_environment({name: "x"}, [], NOTHING)


@pytest.mark.parametrize(
    "name",
    ["PATH", "HOME", "LANG", "SSH_AUTH_SOCK", "XAUTHORITY", "VIRTUAL_ENV", "GOPATH", "PWD", "KEYBOARD"],
)
def test_what_programs_need_is_kept(name: str) -> None:
    assert command_environment({name: "x"}, [], NOTHING)[name] == "x"


def test_a_key_that_cannot_be_got_hides_nothing_else() -> None:
    def fails() -> str:
        raise ConfigError("not set")

    kept: Mapping[str, str] = command_environment({"A": "b"}, [], Endpoint(key=fails))
    assert kept["A"] == "b"
    assert kept["TERM"] == "dumb"


async def test_the_configuration_says_how_far_tools_go(file: Path, tmp_path: Path) -> None:
    with open_world(
        parsed("--config", str(file), "--data-dir", str(tmp_path / "data")), sim_speed=0
    ) as world:
        assert (await told(world, "pwd")).endswith(f"{tmp_path / 'root'}\n")
        asked = await world.all_tools().ask(ToolCall("c", "http_get", '{"url": "http://127.0.0.1:1/"}'))
        assert getattr(asked, "grant", "") == "127.0.0.1:1"
        approvals = world.approvals()
        assert isinstance(approvals, Approvals)
        assert world.rules.allowing("shell", "git status -b") is not None
        assert world.rules.denying("http_get", "https://a.example/admin/x") is not None


async def test_our_own_places_are_not_for_tools(file: Path, tmp_path: Path) -> None:
    named(file, **{str(tmp_path / "root"): str(tmp_path)})
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "draft").write_text("mine")
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "x").write_text("denied by a rule")
    (tmp_path / "open.txt").write_text("anybody's")
    with open_world(
        parsed("--config", str(file), "--data-dir", str(tmp_path / "data")), sim_speed=0
    ) as world:
        tools = world.all_tools()
        for path, works in (
            ("open.txt", True),
            ("config.yaml", False),
            ("data/draft", False),
            ("private/x", False),
        ):
            found = await tools.run(ToolCall("c", "read_file", f'{{"path": "{path}"}}'))
            assert found.is_error is not works, path


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("shell(git status*)", "shell(", "config.yaml:"),
        ("shell(git status*)", "shell(*)", "config.yaml:"),
        ("shell(*curl*)", "shel(*curl*)", "there is no tool 'shel'"),
        ("[127.0.0.1]", "[a/b]", "http.allow: 'a/b' is no host name, address or network"),
    ],
)
def test_a_slip_in_the_configuration_is_said_before_anything_is_sent(
    file: Path, old: str, new: str, says: str
) -> None:
    named(file, **{old: new})
    with (
        pytest.raises(ConfigError, match=says.replace(".", r"\.")),
        open_world(parsed("--config", str(file)), sim_speed=0) as world,
    ):
        world.all_tools()


def test_a_root_that_is_not_there_is_said(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "root").rmdir()
    with (
        open_world(parsed("--config", str(file)), sim_speed=0) as world,
        pytest.raises(ConfigError, match=r"files\.root"),
    ):
        world.all_tools()
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with open_world(parsed("--sim"), sim_speed=0) as world, pytest.raises(UsageError, match="is gone"):
        world.all_tools()


def test_only_what_never_asks_is_offered_unless_named(file: Path) -> None:
    with open_world(parsed("--config", str(file)), sim_speed=0) as world:
        offered = {spec.name for spec in world.toolbox().specs}
        everything = {spec.name for spec in world.all_tools().specs}
        assert {"calculator", "current_time", "read_file"} <= offered
        assert {"shell", "http_get", "write_file", "edit_file"} == everything - offered
        assert [spec.name for spec in world.toolbox(["shell"]).specs] == ["shell"]
