"""Requests as curl, Python and JSON: what is sent by them is what was sent."""

import json
import shutil
import subprocess
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.imports.reading import imported
from tui.chat.record import Exchange, Wire
from tui.chat.route import Route
from tui.exchanges.copy_as import copy_as, kind_named
from tui.exchanges.copy_curl import printed
from tui.imports.printf import printf
from tui.imports.shell_words import commands

SHELLS = [shell for shell in ("sh", "bash", "zsh", "dash") if shutil.which(shell)]
HOSTILE = "it's \"q\" \\ \\n %s %% $HOME `id` !! \x7f\x9b31m \u202e\u2066 😀é\n\r\t ' '' \\' $(x)"
BODIES = [
    json.dumps({"a": HOSTILE}, ensure_ascii=False).encode(),
    json.dumps({"a": "plain ünïcode 'quoted'"}, ensure_ascii=False, indent=2).encode(),
    b"-n %s \\101 \xff\xfe\x00end\n\n",
    bytes(range(256)) + b"\\",
    b"{}\n",
]
ROUTE = Route("claude-x", "litellm-anthropic", "http://me:pw@proxy:4000", "claude-x", None, "anthropic", "x")
EXCHANGE = Exchange("e1", 1, 1, 0.0, ROUTE)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("body", BODIES)
def test_shells_print_the_very_bytes(shell: str, body: bytes) -> None:
    line = printed(body)
    assert all(char.isprintable() or char == "\n" for char in line)
    ran = subprocess.run([shell, "-c", f"{line} | cat"], capture_output=True, check=True)
    assert ran.stdout == body


@pytest.mark.parametrize("shell", SHELLS)
def test_a_body_larger_than_any_argument_may_be(shell: str, tmp_path: Path) -> None:
    body = json.dumps({"a": "x'y\\" * 250_000}).encode()
    script = tmp_path / "large.sh"
    script.write_text(f"{printed(body)} | cksum")
    ran = subprocess.run([shell, str(script)], capture_output=True, check=True)
    assert ran.stdout == subprocess.run(["cksum"], input=body, capture_output=True, check=True).stdout


@given(st.binary(max_size=200) | st.text(st.characters(exclude_categories=["Cs"])).map(str.encode))
def test_our_own_reader_reads_every_body_back(body: bytes) -> None:
    (words, _) = next(iter(commands(f"{printed(body)} | curl http://x")))
    said = printf(words)
    assert said is not None
    assert said.encode("utf-8", "surrogateescape") == body


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(TEXTS.filter(lambda text: bool(text.strip())))
@example("^")
@example("a^\nb")
def test_a_copied_curl_is_imported_again(text: str) -> None:
    body = {"model": "claude-x", "max_tokens": 9, "messages": [{"role": "user", "content": text}]}
    sent = json.dumps(body, ensure_ascii=False).encode()
    line = copy_as("curl", EXCHANGE, Wire(sent)).text
    (node,) = imported(line).record.nodes
    assert node.message.parts[0].text == text  # type: ignore[union-attr]


HEADERS = (
    ("host", "proxy:4000"),
    ("user-agent", "AsyncAnthropic/2"),
    ("x-stainless-os", "Linux"),
    ("content-length", "12"),
    ("x-api-key", "…"),
    ("authorization", "…"),
    ("anthropic-version", "2023-06-01"),
    ("anthropic-beta", "context-1m"),
    ("x-team", "blue 'team' $HOME"),
    ("cf-access-client-secret", "…"),
    ("x-note", "has … in it"),
    ("x-bad", "a\x1b[31mb"),
    ("bad name: x\r\nevil", "1"),
)


def test_headers_are_the_persons_own_and_secrets_are_variables() -> None:
    copied = copy_as("curl", EXCHANGE, Wire(b"{}", HEADERS))
    text = copied.text
    assert "x-stainless" not in text
    assert "user-agent" not in text
    assert "content-length" not in text
    assert '"authorization: Bearer ${LITELLM_PROXY_API_KEY}"' in text
    assert "'anthropic-beta: context-1m'" in text
    assert "'anthropic-version: 2023-06-01'" in text
    assert "'x-team: blue '\\''team'\\'' $HOME'" in text
    assert '"cf-access-client-secret: ${HEADER_CF_ACCESS_CLIENT_SECRET}"' in text
    assert '"x-note: ${HEADER_X_NOTE}"' in text
    assert "x-bad" not in text
    assert "evil" not in text
    assert "…" not in text
    assert copied.variables == ("LITELLM_PROXY_API_KEY", "HEADER_CF_ACCESS_CLIENT_SECRET", "HEADER_X_NOTE")
    python = copy_as("python", EXCHANGE, Wire(b"{}", HEADERS)).text
    assert "…" not in python
    assert 'os.environ["HEADER_CF_ACCESS_CLIENT_SECRET"]' in python
    compile(python, "copied", "exec")


def test_a_secret_in_the_body_stays_masked() -> None:
    body = b'{"messages":"my key is sk-very-secret-1"}'
    for kind in ("curl", "python", "json"):
        copied = copy_as(kind_named(kind), EXCHANGE, Wire(body), ["sk-very-secret-1"])
        assert "sk-very" not in copied.text
        assert copied.masked == 1


SECRET = 'se"cret/wört-7\\x'


@pytest.mark.parametrize(
    "spelled",
    [
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        json.dumps(json.dumps(SECRET))[1:-1],
        quote(SECRET, safe=""),
        "".join(f"\\u{ord(char):04x}" for char in SECRET),
        b64encode(f"user:{SECRET}".encode()).decode(),
    ],
)
@pytest.mark.parametrize("kind", ["curl", "python", "json"])
def test_a_secret_is_masked_however_the_body_spells_it(kind: str, spelled: str) -> None:
    copied = copy_as(kind_named(kind), EXCHANGE, Wire(f'{{"a":"{spelled}"}}'.encode()), [SECRET])
    assert copied.masked == 1
    assert "…" in copied.text
    for part in ("wört", "rt-7", quote("wört"), spelled[2:-2]):
        assert part not in copied.text


def test_what_is_no_text_is_masked_and_otherwise_as_it_was() -> None:
    copied = copy_as("curl", EXCHANGE, Wire(b"\xff\xc3 sk-very-secret-1 \xe2\x80"), ["sk-very-secret-1"])
    assert copied.masked == 1
    (words, _) = next(iter(commands(copied.text)))
    assert (printf(words) or "").encode("utf-8", "surrogateescape") == "\udcff\udcc3 … \udce2\udc80".encode(
        "utf-8", "surrogateescape"
    )


def test_exact_sends_the_very_bytes_and_says_what_is_in_them() -> None:
    body = b'{"a":"sk-very-secret-1"}\xff'
    headers = (("x-echo", "sk-very-secret-1"),)
    copied = copy_as("exact", EXCHANGE, Wire(body, headers), ["sk-very-secret-1"])
    assert (copied.masked, copied.held) == (0, 1)
    assert copied.text.count("sk-very-secret-1") == 1
    assert '"x-echo: ${HEADER_X_ECHO}"' in copied.text
    assert copy_as("exact", EXCHANGE, Wire(b"{}", HEADERS)) == copy_as("curl", EXCHANGE, Wire(b"{}", HEADERS))


@pytest.mark.parametrize("kind", ["curl", "exact", "python"])
def test_no_variable_that_is_set_goes_to_a_server_a_file_names(kind: str) -> None:
    headers = (("Aws-Secret-Access-Key", "…"), ("github_token", "x"), ("x-api-key", "…"))
    foreign = replace(EXCHANGE, route=replace(ROUTE, base_url="http://evil.example"))
    copied = copy_as(kind_named(kind), foreign, Wire(b"{}", headers), is_ours=False)
    assert set(copied.variables) == {
        "HEADER_AWS_SECRET_ACCESS_KEY",
        "HEADER_GITHUB_TOKEN",
        "KEY_FOR_EVIL_EXAMPLE",
    }
    assert "LITELLM_PROXY_API_KEY" not in copied.text
    vendor = replace(ROUTE, base_url="https://api.anthropic.com", provider="anthropic")
    copied = copy_as(kind_named(kind), replace(EXCHANGE, route=vendor), Wire(b"{}"), is_ours=False)
    assert copied.variables == ("ANTHROPIC_API_KEY",)


def test_json_means_the_same_and_shows_nothing_hidden() -> None:
    value = {"a": HOSTILE, "b": [1, 2.5, None, True, 10**30]}
    text = copy_as("json", EXCHANGE, Wire(json.dumps(value, ensure_ascii=False).encode())).text
    assert json.loads(text) == value
    assert "\u202e" not in text
    assert "\x7f" not in text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=30)
@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_python_holds_an_equal_body(value: dict[str, object]) -> None:
    source = copy_as("python", EXCHANGE, Wire(json.dumps(value).encode())).text
    assert all(char.isprintable() or char == "\n" for char in source)
    inner = source[source.index("body = ") : source.index("\nanswer")].partition("\n#")[0]
    found: dict[str, object] = {}
    exec(inner, {"json": json}, found)
    assert found["body"] == value


def test_deep_and_large_bodies_are_read_from_their_text() -> None:
    deep = "[" * 500 + "]" * 500
    for text in (f'{{"model":"m","messages":{deep}}}', json.dumps({"a": "'\"" * 300_000})):
        source = copy_as("python", EXCHANGE, Wire(text.encode())).text
        assert "json.loads(" in source
        compile(source, "copied", "exec")
