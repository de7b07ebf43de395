"""``sightline setup``: the file alone on standard output, remarks beside it, the key nowhere."""

import io
import json
import subprocess
import sys
import tomllib
from typing import Any

import pytest

from tests.cli.program import Program
from tests.interop.offers import CARDS, card, offer
from tui.chat.catalog import Catalog
from tui.cli import args, setup
from tui.config.schema import ProxySettings, Secret
from tui.errors import UsageError
from tui.resolver import resolve

NO_PROXY = {"LITELLM_PROXY_URL": "", "LITELLM_PROXY_API_KEY": ""}


def parsed(tool: str, text: str) -> Any:
    """The file's content by its own format; shell lines as they are."""
    if tool == "codex":
        return tomllib.loads(text)
    return text.splitlines() if tool == "env" else json.loads(text)


@pytest.mark.parametrize("tool", args.SETUP_TOOLS)
def test_standard_output_is_the_file_and_nothing_else(program: Program, tool: str) -> None:
    done = program.main("setup", tool)
    assert done.code == 0, done.err
    assert parsed(tool, done.out)
    assert program.sim.url in done.out
    assert "LITELLM_PROXY_API_KEY" in done.out
    assert program.sim.state.master_key not in done.out + done.err
    assert all(line.startswith("setup: ") for line in done.err.splitlines())


def test_the_table_of_tools_and_the_command_line_agree() -> None:
    assert tuple(setup.WRITERS) == args.SETUP_TOOLS


def test_models_go_where_the_resolver_sends_them(program: Program) -> None:
    providers = json.loads(program.main("setup", "opencode").out)["provider"]
    assert {"smart", "gpt-killer", "bedrock-claude"} <= set(providers["litellm-anthropic"]["models"])
    assert {"claude-cheap", "xai/grok-4"} <= set(providers["litellm"]["models"])


def test_the_configured_road_for_openai_reasoning_is_kept(program: Program) -> None:
    file = program.configured(
        "proxies: {p: {url: URL, key: '${MY_KEY}'}}\nrouting: {openai_reasoning: responses}\n"
    )
    own = program.having(**NO_PROXY, MY_KEY=program.sim.state.master_key)
    done = own.main("setup", "opencode", "--config", str(file))
    assert done.code == 0, done.err
    assert "openai/gpt-5.5" in json.loads(done.out)["provider"]["litellm-responses"]["models"]
    assert "{env:MY_KEY}" in done.out


def test_the_model_asked_for_comes_first(program: Program) -> None:
    made = json.loads(program.main("setup", "claude-code", "--model", "gpt-killer").out)
    assert made["env"]["ANTHROPIC_MODEL"] == "gpt-killer"


def test_the_configured_default_model_comes_first(program: Program) -> None:
    file = program.configured(
        "proxies: {p: {url: URL, key: '${LITELLM_PROXY_API_KEY}'}}\ndefault_model: openai/gpt-5.5\n"
    )
    own = program.having(LITELLM_PROXY_URL="")
    assert tomllib.loads(own.main("setup", "codex", "--config", str(file)).out)["model"] == "openai/gpt-5.5"
    made = json.loads(own.main("setup", "claude-code", "--config", str(file)).out)
    assert made["env"]["ANTHROPIC_MODEL"] == "anthropic/claude-sonnet-4-5-20250929"


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("codex", "-m", "smart"), "codex cannot use smart"),
        (("opencode", "-m", "xai/grok-4", "--proxy", "nowhere"), "no proxy 'nowhere'"),
        (("vim",), "invalid choice"),
        (("env", "-m", "smart"), "names no model"),
        (("opencode", "--sim"), "the simulated gateway ends with this command"),
    ],
)
def test_what_cannot_be_set_up_is_exit_2_and_no_file(
    program: Program, argv: tuple[str, ...], says: str
) -> None:
    done = program.main("setup", *argv)
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert "hint: " in done.err


def test_without_a_proxy_there_is_nothing_to_set_up(program: Program) -> None:
    done = program.having(**NO_PROXY).main("setup", "opencode")
    assert (done.code, done.out) == (2, "")
    assert "sightline sim --port 4000" in done.err


def test_a_proxy_that_is_not_there_is_exit_3_and_no_file(program: Program) -> None:
    done = program.having(LITELLM_PROXY_URL="http://127.0.0.1:9").main("setup", "env")
    assert (done.code, done.out) == (3, "")


def test_a_server_that_is_no_litellm_proxy_is_refused() -> None:
    plain = Catalog(CARDS[:1], server="openai")
    with pytest.raises(UsageError, match="no LiteLLM proxy"):
        setup.offer_of(plain, lambda *_: pytest.fail("not asked"), ProxySettings("p", "http://h"))


@pytest.mark.parametrize(
    ("secret", "variable", "told"),
    [
        (Secret(template="${MY_KEY}"), "MY_KEY", False),
        (Secret(template="sk-literal-${X}"), "LITELLM_PROXY_API_KEY", True),
        (Secret(command=("pass", "show", "sk-in-a-command")), "LITELLM_PROXY_API_KEY", True),
        (None, "LITELLM_PROXY_API_KEY", True),
    ],
    ids=["variable", "literal", "command", "none"],
)
def test_the_key_is_only_ever_a_variable(secret: Secret | None, variable: str, told: bool) -> None:
    proxy = ProxySettings("p", "http://h:4000", secret)
    made = offer(*CARDS, proxy=proxy)
    assert made.key_variable == variable
    assert any(f"from {variable}: set it" in r for r in made.remarks) == told
    for write in setup.WRITERS.values():
        written = write(made)
        assert "sk-" not in written.text + " ".join([*written.remarks, *made.remarks])


def test_what_other_tools_are_not_told_is_said() -> None:
    proxy = ProxySettings(
        "p", "http://h", headers={"x-team": Secret(template="sk-team")}, ca_file="/somewhere/ca.pem"
    )
    assert [r for r in offer(proxy=proxy).remarks if "not carried over" in r] == [
        "not carried over: the headers x-team configured for this proxy",
        "not carried over: ca_file; the tool must be told on its own",
    ]


def test_a_hostile_name_cannot_steer_the_terminal() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out, err = Terminal(), Terminal()
    hostile = [card("evil\x1b[2J", "openai/gpt-5.1"), card("\u202e", "openai/x", mode="image\x07")]
    assert setup.run("opencode", offer(*hostile, card("good", "openai/gpt-5.1")), out, err) == 0
    assert (out.getvalue() + err.getvalue()).replace("\n", "").isprintable()


def test_a_name_the_resolver_refuses_is_left_out() -> None:
    def refusing(name: str, endpoint: Any, catalog: Catalog, pin: str | None) -> Any:
        if name == "smart":
            raise UsageError("unknown model", "no", cls="unknown-model")
        return resolve(name, catalog, pin=pin, base_url="http://h", endpoint=endpoint)

    made = setup.offer_of(Catalog(CARDS[:3]), refusing, ProxySettings("p", "http://h"))
    assert "left out (the resolver does not know it): smart" in made.left_out
    assert "smart" not in [model.id for model in made.models]


def test_it_needs_neither_a_screen_nor_an_sdk() -> None:
    code = (
        "import sys; from tui.cli import setup;"
        "print(sorted({'textual', 'rich', 'anthropic', 'openai', 'httpx2'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
