"""curl command lines, as people paste them and browsers copy them; nothing is run and no file read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tui.chat.parts import Json
from tui.chat.record import SessionRecord
from tui.errors import UsageError
from tui.imports.calls import session_of
from tui.imports.dialects import dialect_of
from tui.imports.limits import quoted, refused
from tui.imports.printf import printf
from tui.imports.reading import Reading, plain_url
from tui.imports.recorded import Call, read_body
from tui.imports.remarks import UNREAD
from tui.imports.shell_words import commands
from tui.imports.source import Source, json_value

_COMMAND = re.compile(r"(?:^|[\s/\\;&|])curl(?:\.exe)?\s", re.IGNORECASE)
_LOOKED_AT = 20_000
_DATA = frozenset({"-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json"})
_RAW = frozenset({"--data-raw"})
"""Options whose value is data even if it begins with ``@``."""
_WITH_VALUE = frozenset(
    {
        "-H", "--header", "-X", "--request", "-A", "--user-agent", "-b", "--cookie", "-c", "--cookie-jar",
        "-e", "--referer", "-u", "--user", "-o", "--output", "-m", "--max-time", "--connect-timeout", "-x",
        "--proxy", "--cacert", "--cert", "--key", "-w", "--write-out", "--retry", "--retry-delay", "-F",
        "--form", "--data-urlencode", "-T", "--upload-file", "--resolve", "--interface", "-K", "--config",
        "--oauth2-bearer", "--limit-rate", "-r", "--range", "-D", "--dump-header", "--ciphers",
        "--max-redirs",
    }
)  # fmt: skip
_NO_JSON = frozenset({"-F", "--form", "--data-urlencode", "-T", "--upload-file", "-K", "--config"})


@dataclass(slots=True)
class _Command:
    url: str = ""
    data: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """Options that send something else than a body given in the line."""


def looks_like_curl(text: str) -> bool:
    """Whether there is a curl command near the beginning of a text."""
    return _COMMAND.search(text[:_LOOKED_AT]) is not None


def read_curl(source: Source, reading: Reading) -> SessionRecord:
    """The session in the curl commands of a text; UsageError when none sends a request to a model."""
    calls: list[Call] = []
    errors: list[UsageError] = []
    printed: str | None = None
    for number, (words, document) in enumerate(commands(source.text), 1):
        command = _command(words, document if document is not None else printed)
        # What is printed can only be for the command after it.
        printed = printf(words)
        if command is None:
            continue
        try:
            calls.append(_call(command, f"command {number}", reading))
        except UsageError as error:
            errors.append(error)
            says = "A command that cannot be read is left out."
            reading.remarks.say(UNREAD, says, f"command {number}: {quoted(error.what, 120)}")
    if not calls:
        raise errors[0] if errors else refused("there is no curl command in it")
    return session_of(calls, reading, "curl")


def _call(command: _Command, path: str, reading: Reading) -> Call:
    if command.files:
        raise refused(
            f"the command's body is in the file {quoted(command.files[0])}, which is not read",
            hint="import that file itself",
        )
    if not command.data:
        by = f": it sends by {command.others[0]}" if command.others else ""
        raise refused(
            f"the command sends no body in the line itself{by}", hint="taken are -d, --data-raw, --json"
        )
    try:
        body: Json = json_value("&".join(command.data))
    except ValueError as error:
        raise refused(f"the command's body is no JSON: {quoted(error, 120)}") from None
    if not isinstance(body, dict):
        raise refused("the command's body is no JSON object")
    asked = read_body(dialect_of(body, command.url), body, reading, 0.0)
    return Call(asked, path, url=plain_url(command.url))


def _command(words: list[str], document: str | None) -> _Command | None:
    """What one command sends; None if it is not curl. Headers, which hold keys, are passed over."""
    start = next((n for n, word in enumerate(words) if "=" not in word and word != "$"), None)
    if start is None or not re.fullmatch(r"(.*[/\\])?curl(\.exe)?", words[start], re.IGNORECASE):
        return None
    out = _Command()
    rest = iter(words[start + 1 :])
    for word in rest:
        option, value = _split(word)
        if option in _DATA:
            given = next(rest, "") if value is None else value
            _take(out, option, given, document)
        elif option in _WITH_VALUE:
            if value is None:
                next(rest, None)
            if option in _NO_JSON:
                out.others.append(option)
        elif option == "--url":
            out.url = next(rest, "") if value is None else value
        elif not word.startswith("-") and not out.url:
            out.url = word
    return out


def _split(word: str) -> tuple[str, str | None]:
    """An option and the value written into the same word, if any."""
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        return name, value if equals else None
    if len(word) > 2 and word[0] == "-" and (word[:2] in _DATA or word[:2] in _WITH_VALUE):
        return word[:2], word[2:]
    return word, None


def _take(out: _Command, option: str, given: str, document: str | None) -> None:
    if option in _RAW or not given.startswith("@"):
        out.data.append(given)
    elif given in ("@-", "@/dev/stdin") and document is not None:
        out.data.append(document)
    else:
        out.files.append(given[1:])
