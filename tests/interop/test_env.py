"""Shell exports, read back by a real shell."""

import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.interop.offers import KEY, URL, offer
from tui.config.schema import ProxySettings, Secret, check_url
from tui.errors import UsageError
from tui.interop.env import write

HOSTILE = "http://h/$(touch pwned)'\"`x`;&\\"


def test_a_shell_sees_both_kinds_of_sdk_served() -> None:
    script = write(offer()).text + "env"
    before = {KEY: "sk-1", "ANTHROPIC_AUTH_TOKEN": "of another place", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(["/bin/sh", "-euc", script], env=before, capture_output=True, text=True, check=True)
    seen = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert seen["OPENAI_BASE_URL"] == f"{URL}/v1"
    assert seen["ANTHROPIC_BASE_URL"] == URL
    assert seen["OPENAI_API_KEY"] == seen["ANTHROPIC_API_KEY"] == "sk-1"
    assert "ANTHROPIC_AUTH_TOKEN" not in seen


@given(st.from_regex(r"http://[a-z]{1,8}/[^\s?#\x00-\x1f]{0,20}", fullmatch=True) | st.just(HOSTILE))
def test_an_address_stays_one_word(url: str) -> None:
    if check_url(url.replace(" ", "")):
        return
    proxy = ProxySettings("p", url, Secret(template=f"${{{KEY}}}"))
    made = offer(proxy=proxy)
    lines = [shlex.split(line) for line in write(made).text.splitlines()]
    assert lines[0] == ["export", f"OPENAI_BASE_URL={made.openai_base}"]
    assert lines[2] == ["export", f"ANTHROPIC_BASE_URL={made.anthropic_base}"]
    assert len(lines) == 5


def test_it_names_no_model() -> None:
    with pytest.raises(UsageError, match="names no model"):
        write(offer(wanted="smart"))
