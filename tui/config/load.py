"""Reads the configuration: built-in, then the file, then the environment, then flags; later wins."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tui.chat.settings import OutputSchema, Overrides
from tui.config import paths
from tui.config.compose import MOST_BYTES, compose, read_bytes
from tui.config.models import HeaderText, SchemaFile
from tui.config.node import Node
from tui.config.schema import (
    A_URL,
    ENV_PROXY,
    VARIABLE,
    Config,
    ProxySettings,
    Secret,
    check_url,
    read_config,
)
from tui.errors import ConfigError, UsageError
from tui.knob_text import header_complaint
from tui.knobs import knob

URL_VARIABLE = "LITELLM_PROXY_URL"
KEY_VARIABLE = "LITELLM_PROXY_API_KEY"
_COMMAND_SECONDS = 30


def load_config(
    environ: Mapping[str, str],
    *,
    file: str | None = None,
    proxy: str | None = None,
    model: str | None = None,
) -> Config:
    """The configuration with the flags ``--config``, ``--proxy`` and ``--model`` applied.

    ConfigError when a named file is missing or anything in it is wrong; the usual file may be absent.
    """
    path = paths.config_in_use(file, environ)
    config = read_file(path, environ) if path is not None else Config()
    config = _with_environment(config, environ)
    if proxy is not None:
        config = replace(config, default_proxy=proxy)
        config.proxy()
    return replace(config, default_model=model) if model else config


def read_file(path: Path, environ: Mapping[str, str]) -> Config:
    """The configuration in ``path``; ConfigError names the file, and the line and key where it can."""
    return parse(read_bytes(path), str(path), environ)


def parse(raw: bytes, file: str, environ: Mapping[str, str]) -> Config:
    """The configuration in a file's bytes."""
    root = compose(raw, file)
    config = read_config(root or Node({}, 1), file)
    folder = Path(file).parent
    opened = {name: _expanded(proxy, environ) for name, proxy in config.proxies.items()}
    models = tuple(replace(m, knobs=_settled(m.knobs, folder, environ)) for m in config.models)
    presets = {
        name: replace(preset, overrides=_settled(preset.overrides, folder, environ))
        for name, preset in config.presets.items()
    }
    base = config.tools.root
    tools = replace(config.tools, root=str(folder / paths.at_home(base)) if base else None)
    return replace(config, proxies=opened, models=models, presets=presets, tools=tools)


def _expanded(proxy: ProxySettings, environ: Mapping[str, str]) -> ProxySettings:
    """``proxy`` with its variables filled in; those not set stay, an error once the proxy is used."""
    url = _filled(proxy.url, environ)
    complaint = check_url(url)
    if complaint:
        raise ConfigError(f"{proxy.place}.url: {complaint}", hint=A_URL)
    return replace(proxy, url=url, ca_file=_filled(proxy.ca_file, environ) if proxy.ca_file else None)


def _settled(knobs: Overrides, folder: Path, environ: Mapping[str, str]) -> Overrides:
    """``knobs`` with the schema's file read and the headers' variables filled in."""
    settled = dict(knobs)
    if isinstance(settled.get("schema"), SchemaFile):
        settled["schema"] = _schema(settled["schema"], folder)
    if "headers" in settled:
        settled["headers"] = {name: _header(text, environ) for name, text in settled["headers"].items()}
    return settled


def _schema(file: SchemaFile, folder: Path) -> OutputSchema:
    def read(path: str) -> str:
        with (folder / paths.at_home(path)).open(encoding="utf-8") as opened:
            return opened.read(MOST_BYTES)

    try:
        schema: OutputSchema = knob("schema").parse(f"@{file.path}", read)
    except UsageError as error:
        raise ConfigError(f"{file.place}: {error.what}", hint=error.hint) from error
    return schema


def _header(text: HeaderText, environ: Mapping[str, str]) -> str:
    """The header's value; a variable that is not set stays, to be complained of once it would be sent."""
    value = _filled(text.template, environ)
    complaint = "" if VARIABLE.search(value) else header_complaint("x-name", value)
    if complaint:
        # The value may be a secret.
        raise ConfigError(f"{text.place}: {complaint}")
    return value


def _filled(template: str, environ: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda found: environ.get(found[1]) or found[0], template)


def _with_environment(config: Config, environ: Mapping[str, str]) -> Config:
    """The proxy ``env``, or the key for a default proxy that names none; a key never changes its host."""
    url, key = environ.get(URL_VARIABLE, "").strip(), environ.get(KEY_VARIABLE, "").strip()
    secret = Secret(template=f"${{{KEY_VARIABLE}}}", place=KEY_VARIABLE) if key else None
    if url:
        complaint = check_url(url)
        if complaint or VARIABLE.search(url):
            raise ConfigError(f"{URL_VARIABLE}: {complaint or 'must be a plain URL'}", hint=A_URL)
        proxy = ProxySettings(ENV_PROXY, url, secret, place=URL_VARIABLE)
        proxies = {**config.proxies, ENV_PROXY: proxy}
        default = ENV_PROXY if key or not config.proxies else config.default_proxy
        return replace(config, proxies=proxies, default_proxy=default)
    if secret is None or not config.proxies:
        return config
    chosen = config.proxies.get(config.default_proxy or next(iter(config.proxies)))
    if chosen is None or chosen.key is not None:
        return config
    return replace(config, proxies={**config.proxies, chosen.name: replace(chosen, key=secret)})


class Revealer:
    """Gets a secret at its first call and remembers it; empty text without a secret."""

    def __init__(self, secret: Secret | None, environ: Mapping[str, str]) -> None:
        self.secret = secret
        self._environ = environ
        self._got: str | None = None

    def __call__(self) -> str:
        """The secret; ConfigError when a variable is not set or the command fails. It may block."""
        if self._got is None:
            self._got = "" if self.secret is None else _revealed(self.secret, self._environ)
        return self._got

    @property
    def told(self) -> str:
        """The secret if it is known without running a command for it; empty text otherwise."""
        if self._got is None and self.secret is not None and not self.secret.command:
            try:
                return self()
            except ConfigError:
                return ""
        return self._got or ""


def reveal_headers(proxy: ProxySettings, environ: Mapping[str, str]) -> dict[str, str]:
    """A proxy's own headers with their secrets filled in."""
    return reveal_all(proxy.headers, environ)


def reveal_all(headers: Mapping[str, Secret], environ: Mapping[str, str]) -> dict[str, str]:
    """Headers with their secrets filled in; ConfigError where one cannot be had."""
    return {name: _revealed(secret, environ) for name, secret in headers.items()}


def _revealed(secret: Secret, environ: Mapping[str, str]) -> str:
    for name in VARIABLE.findall(secret.template):
        if not environ.get(name):
            raise ConfigError(f"{secret.place}: the environment variable {name} is not set")
    value = _printed(secret) if secret.command else _filled(secret.template, environ)
    value = value.strip()
    if not value:
        raise ConfigError(f"{secret.place}: is empty")
    if any(ord(c) < 32 or ord(c) > 126 for c in value):
        raise ConfigError(f"{secret.place}: holds a line break or a character no header can carry")
    return value


def _printed(secret: Secret) -> str:
    program = secret.command[0]
    try:
        done = subprocess.run(  # noqa: S603 - the user's own configuration names it; no shell
            secret.command,
            capture_output=True,
            timeout=_COMMAND_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        # Its words are the whole command, which may hold a secret.
        raise ConfigError(f"{secret.place}: {program} took longer than {_COMMAND_SECONDS} s") from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"{secret.place}: {program} cannot be run: {error}") from error
    if done.returncode != 0:
        raise ConfigError(f"{secret.place}: {program} failed with exit code {done.returncode}")
    return done.stdout.decode("utf-8", "replace")
