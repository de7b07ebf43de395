"""curl command lines: every way of quoting a body, and nothing that is run or read."""

import json
import shlex

import pytest

from tests.imports.calls import FIRST, KEY
from tests.imports.reading import imported
from tui.errors import UsageError
from tui.imports.shell_words import commands

BODY = json.dumps({**FIRST, "messages": [{"role": "user", "content": 'it\'s "quoted" \\ é 😀 $HOME `x`\n!'}]})
ANSI = BODY.replace("\\", "\\\\").replace("'", "\\'").replace("!", "\\u0021").replace("é", "\\xe9")
DOUBLE = BODY.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("`", "\\`")
URL = "https://api.anthropic.com/v1/messages"
LINES = {
    "single": f"curl {URL} -H 'x-api-key: {KEY}' \\\n  -H \"a: b\" -d {shlex.quote(BODY)}",
    "browser": f"curl '{URL}' \\\n  -b 'session={KEY}' \\\n  --data-raw $'{ANSI}' --compressed",
    "double": f'$ curl -sS -X POST "{URL}" --data-binary "{DOUBLE}"',
    "json": f"# a comment\nKEY=x curl --url={URL} --json={shlex.quote(BODY)} -u me:{KEY}",
    "heredoc": f"curl {URL} -d @- <<'EOF'\n{BODY}\nEOF\n",
    "after": f"cd /tmp && /usr/bin/curl -d{shlex.quote(BODY)} {URL} | jq .",
    "crlf": f"curl {URL} \\\r\n -d {shlex.quote(BODY)}\r\n",
}


@pytest.mark.parametrize("how", LINES)
def test_the_body_is_what_the_shell_would_send(how: str) -> None:
    found = imported(LINES[how])
    (node,) = found.record.nodes
    assert node.message.parts[0].text == json.loads(BODY)["messages"][0]["content"]  # type: ignore[union-attr]
    assert (found.format, found.record.state.endpoint) == ("curl", "messages")
    assert found.record.state.overrides == {"thinking": 2048, "max_tokens": 900}
    assert KEY not in repr(found)


def test_a_command_of_windows_shell_is_read() -> None:
    body = '{"model":"gpt-5.1","messages":[{"role":"user","content":"hi & bye"}]}'
    escaped = body.replace('"', '\\^"').replace("&", "^&").replace("{", "^{").replace("}", "^}")
    line = f'curl ^"https://api.openai.com/v1/chat/completions^" ^\r\n  -H ^"a: b^" --data-raw ^"{escaped}^"'
    (node,) = imported(line).record.nodes
    assert node.message.text == "hi & bye"  # type: ignore[union-attr]


def test_several_commands_are_calls_of_one_session() -> None:
    line = f"curl {URL} -d {shlex.quote(BODY)}"
    found = imported(f"{line}; echo done\n{line}\n")
    assert len(found.record.nodes) == 1


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("curl https://x.test -d @body.json", "file body.json"),
        ("curl https://x.test -d @-", "which is not read"),
        ("curl https://x.test", "no body"),
        ("curl https://x.test -F a=b", "-F"),
        ("curl https://x.test -d 'a=b&c=d'", "no JSON"),
        ("curl https://x.test -d '[1]'", "no JSON object"),
        ('curl https://x.test -d \'{"a":1}', "never closed"),
        ('curl https://x.test -d "{', "never closed"),
        ("curl https://x.test -d $'{", "never closed"),
        ("curl https://x.test -d @- <<EOF\n{", "no end"),
        ("curl https://x.test -d '{\"a\": 1}'", "neither messages nor input"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_reason(line: str, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        imported(line)
    assert says in refused.value.what


def test_substitutions_are_data() -> None:
    ((words, _),) = commands('curl "$(reboot)" `x` $HOME ~ *')
    assert words == ["curl", "$(reboot)", "`x`", "$HOME", "~", "*"]
