"""What the tools of one run may reach, and by which rules: from the configuration and the machine."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tui.config import paths
from tui.config.load import KEY_VARIABLE
from tui.config.schema import VARIABLE, Config, ProxySettings, Secret
from tui.config.tools import ToolSettings
from tui.errors import ConfigError, SightlineError, UsageError
from tui.gateway.client import Endpoint
from tui.gateway.secrets import secrets_in, without_known_shapes
from tui.tools.approval import ApprovalRules

if TYPE_CHECKING:
    from tui.tools.builtin import Reach

SHELL_SECONDS = 120.0
_QUIET = {"TERM": "dumb", "PAGER": "cat", "GIT_PAGER": "cat", "GIT_TERMINAL_PROMPT": "0"}
"""There is no terminal and nobody to answer: programs shall neither draw nor page nor ask."""
_TELLING = re.compile(
    r"token|secret|passw|passphrase|passwd|credential|cookie|api_?key|private_?key|authorization"
    r"|(?:^|_)(?:key|keys|pat|pwd|auth|sas|dsn)(?:_|$)|key$",
    re.IGNORECASE,
)
"""Names of variables that hold secrets."""
_HARMLESS = frozenset({"PWD", "OLDPWD"})
_LOGIN_IN_URL = re.compile(r"://[^/\s@]*:[^/\s@]+@")
_SHORTEST = 6
"""Characters from which a secret is looked for inside of values, not only as a whole one."""


def rules_of(settings: ToolSettings) -> ApprovalRules:
    """The configured rules; ConfigError for one that is none."""
    return ApprovalRules(settings.approval.allow, settings.approval.deny)


def reach_of(
    config: Config, data_dir: Path, rules: ApprovalRules, environment: Callable[[], Mapping[str, str]]
) -> Reach:
    """How far the tools go here; UsageError when the directory they work in is not there."""
    from tui.tools.builtin import Reach

    usual = paths.config_file()
    forbidden = [usual.parent, data_dir, paths.cache_dir()]
    if config.file:
        forbidden.append(Path(config.file).absolute())
    return Reach(
        root=_root(config.tools.root),
        forbidden=tuple(forbidden),
        hosts=config.tools.hosts,
        shell_seconds=config.tools.shell_seconds or SHELL_SECONDS,
        environment=environment,
        denied=lambda tool, subject: rules.denying(tool, subject) is not None,
    )


def _root(configured: str | None) -> Path:
    try:
        root = Path(configured).absolute() if configured else Path.cwd()
    except OSError as error:
        hint = "change to a directory that exists"
        raise UsageError("the working directory", f"is gone: {error.strerror}", hint=hint) from error
    if not root.is_dir():
        raise ConfigError(f"files.root: {root} is no directory", hint="name one that exists")
    return root


def command_environment(
    environ: Mapping[str, str],
    proxies: Iterable[ProxySettings],
    endpoint: Endpoint,
    more: Iterable[Secret] = (),
) -> dict[str, str]:
    """``environ`` as a command may see it: without every variable that holds or could hold a secret."""
    secrets = [*more, *(secret for proxy in proxies for secret in _secrets(proxy))]
    named = {name for secret in secrets for name in VARIABLE.findall(secret.template)} | {KEY_VARIABLE}
    values = {value for value in (*_literal(secrets, environ), *_in_use(endpoint)) if value}
    kept = {
        name: value
        for name, value in environ.items()
        if name not in named and not _telling(name, value) and not any(_holds(value, s) for s in values)
    }
    return {**kept, **_QUIET}


def _secrets(proxy: ProxySettings) -> Iterator[Secret]:
    if proxy.key is not None:
        yield proxy.key
    yield from proxy.headers.values()


def _literal(secrets: Iterable[Secret], environ: Mapping[str, str]) -> Iterator[str]:
    """The secrets that are no command's, filled in; and each variable in them alone."""
    for secret in secrets:
        for name in VARIABLE.findall(secret.template):
            yield environ.get(name, "")
        if secret.template and not VARIABLE.fullmatch(secret.template):
            yield VARIABLE.sub(lambda found: environ.get(found[1], ""), secret.template).strip()


def _in_use(endpoint: Endpoint) -> Iterator[str]:
    """What this run sends: by the time a command runs, its key is known."""
    yield from secrets_in(endpoint.headers)
    try:
        yield endpoint.key()
    except SightlineError:
        return


def _telling(name: str, value: str) -> bool:
    if name in _HARMLESS:
        return False
    looks = _TELLING.search(name) is not None and name != "SSH_AUTH_SOCK"
    return looks or _LOGIN_IN_URL.search(value) is not None or without_known_shapes(value) != value


def _holds(value: str, secret: str) -> bool:
    return value == secret or (len(secret) >= _SHORTEST and secret in value)


def process_environment(
    proxies: Iterable[ProxySettings], endpoint: Endpoint, more: Iterable[Secret] = ()
) -> Callable[[], Mapping[str, str]]:
    """The environment of this process as a command may see it, looked at when it runs."""
    known, others = tuple(proxies), tuple(more)
    return lambda: command_environment(os.environ, known, endpoint, others)
