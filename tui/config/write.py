"""Adds a proxy to the user's configuration file; every other byte of it stays as it was."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tui.config.load import parse
from tui.config.schema import VARIABLE, Config, ProxySettings, check_name, check_url
from tui.errors import ConfigError


def add_proxy(
    path: Path, name: str, url: str, *, key: str | None = None, environ: Mapping[str, str] | None = None
) -> None:
    """Write proxy ``name`` into ``path``, creating the file if need be.

    ``key`` must be ``${VAR}``: a secret itself is never written. ConfigError, with the file
    untouched, when the name is taken or the file cannot be extended safely.
    """
    complaint = check_name(name) or check_url(url)
    if complaint:
        raise ConfigError(f"{name}: {complaint}")
    if key is not None and not VARIABLE.fullmatch(key):
        raise ConfigError("a key is only written as ${VAR}", hint="keep the key in an environment variable")
    try:
        old = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    before = parse(old, str(path), environ or {})
    if name in before.proxies:
        raise ConfigError(f"{path}: a proxy {name!r} is already there", hint="choose another name")
    new = _with_proxy(old.decode("utf-8-sig"), name, url, key).encode()
    if old.startswith(b"\xef\xbb\xbf"):
        new = b"\xef\xbb\xbf" + new
    _verify(before, new, path, name, url, environ or {})
    _replace(path, new)


def _entry(indent: str, step: str, name: str, url: str, key: str | None) -> list[str]:
    lines = [f"{indent}{json.dumps(name)}:", f"{indent}{step}url: {json.dumps(url)}"]
    return [*lines, f"{indent}{step}key: {key}"] if key else lines


def _with_proxy(text: str, name: str, url: str, key: str | None) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    place = _place(text)
    if place is None:
        gap = [""] if lines and lines[-1].strip() else []
        lines += [*gap, "proxies:", *_entry("  ", "  ", name, url, key)]
    else:
        after, indent = place
        lines[after:after] = _entry(indent, "  ", name, url, key)
    return newline.join(lines) + newline


def _place(text: str) -> tuple[int, str] | None:
    """The line behind the last proxy and the indentation of their names; None without ``proxies``."""
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    for key, value in pairs:
        if key.value != "proxies":
            continue
        if isinstance(value, yaml.MappingNode) and value.value and not value.flow_style:
            return _last_line(value) + 1, " " * value.value[0][0].start_mark.column
        if isinstance(value, yaml.ScalarNode) and not value.value:
            return int(key.end_mark.line) + 1, "  "
        raise ConfigError(
            "proxies is written in a form that cannot be extended",
            hint="add the proxy to config.yaml by hand",
        )
    return None


def _last_line(node: Any) -> int:
    """The line a block node's last value ends in; its own end mark lies behind blanks and comments."""
    if node.value and isinstance(node, yaml.MappingNode) and not node.flow_style:
        return _last_line(node.value[-1][1])
    if node.value and isinstance(node, yaml.SequenceNode) and not node.flow_style:
        return _last_line(node.value[-1])
    ends_before = node.end_mark.column == 0 and node.end_mark.line > node.start_mark.line
    return int(node.end_mark.line) - (1 if ends_before else 0)


def _verify(before: Config, new: bytes, path: Path, name: str, url: str, environ: Mapping[str, str]) -> None:
    """Read the new text back: everything old must mean the same, and the proxy must be there."""
    by_hand = "add the proxy to config.yaml by hand"
    try:
        after = parse(new, str(path), environ)
    except ConfigError as error:
        raise ConfigError(f"{path}: cannot be extended: {error.what}", hint=by_hand) from error
    added = after.proxies.get(name)
    kept = {other: _meaning(proxy) for other, proxy in after.proxies.items() if other != name}
    if added is None or kept != {other: _meaning(proxy) for other, proxy in before.proxies.items()}:
        raise ConfigError(f"{path}: cannot be extended safely", hint=by_hand)
    if not VARIABLE.search(url) and added.url != url:
        raise ConfigError(f"{path}: cannot hold this URL", hint=by_hand)


def _meaning(proxy: ProxySettings) -> tuple[object, ...]:
    key = (proxy.key.template, proxy.key.command) if proxy.key else None
    headers = {name: (secret.template, secret.command) for name, secret in proxy.headers.items()}
    return (proxy.url, key, proxy.server, headers, proxy.timeout, proxy.ca_file)


def _replace(path: Path, new: bytes) -> None:
    """Write beside the file and swap, so that a crash leaves the old or the new one whole."""
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
        handle, beside = tempfile.mkstemp(dir=target.parent, prefix=".config-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(new)
            os.chmod(beside, mode)
            os.replace(beside, target)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror or error}") from error
