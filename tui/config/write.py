"""Adds a proxy or a preset to the user's configuration file; every other byte of it stays as it was."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tui.chat.settings import Preset
from tui.config.load import parse
from tui.config.models import check_preset_name
from tui.config.schema import VARIABLE, Config, ProxySettings, check_name, check_url
from tui.config.yaml_text import block, flow, plain, quoted
from tui.errors import ConfigError
from tui.knobs import KNOBS


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

    def lines(indent: str, step: str) -> Iterator[str]:
        yield f"{indent}{quoted(name)}:"
        yield f"{indent}{step}url: {quoted(url)}"
        if key:
            yield f"{indent}{step}key: {key}"

    def is_there(config: Config) -> bool:
        added = config.proxies.get(name)
        return added is not None and (bool(VARIABLE.search(url)) or added.url == url)

    _add(path, _Entry("proxies", "proxy", name, lines, is_there), environ or {})


def add_preset(path: Path, name: str, preset: Preset, *, environ: Mapping[str, str] | None = None) -> None:
    """Write preset ``name`` into ``path``, creating the file if need be.

    ConfigError, with the file untouched, when the name is taken, the file cannot be extended safely,
    or the preset holds headers: their values may be secrets, which are never written.
    """
    complaint = check_preset_name(name)
    if complaint:
        raise ConfigError(f"{name}: {complaint}")
    if preset.overrides.get("headers"):
        hint = "leave them out, and write them into the file by hand, as ${VAR}"
        raise ConfigError(f"{name}: headers are not written: they may be secrets", hint=hint)

    def lines(indent: str, step: str) -> Iterator[str]:
        content = list(_preset(preset, indent + step, step))
        yield f"{indent}{quoted(name)}:" if content else f"{indent}{quoted(name)}: {{}}"
        yield from content

    _add(
        path, _Entry("presets", "preset", name, lines, lambda c: c.presets.get(name) == preset), environ or {}
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is added to a section of the file, and how to see that it is there."""

    section: str
    kind: str
    name: str
    lines: Callable[[str, str], Iterator[str]]
    """The entry's lines, by its indentation and one step more of it."""
    is_there: Callable[[Config], bool]

    @property
    def by_hand(self) -> str:
        """What to do where the file cannot be extended."""
        return f"add the {self.kind} to config.yaml by hand"


def _preset(preset: Preset, indent: str, step: str) -> Iterator[str]:
    """The keys of a preset that say something."""
    if preset.model is not None:
        yield f"{indent}model: {quoted(preset.model)}"
    if preset.endpoint != "auto":
        yield f"{indent}endpoint: {preset.endpoint}"
    if preset.system is not None:
        yield from block("system", preset.system, indent, step)
    if preset.tools is not None:
        yield f"{indent}tools: {flow(preset.tools) if preset.tools else 'none'}"
    for name, value in preset.overrides.items():
        yield f"{indent}{name}: {_knob(name, value)}"


def _knob(name: str, value: Any) -> str:
    if name == "schema" and value is not None:
        return flow({"name": value.name, "schema": value.schema})
    if name in ("stop", "extra"):
        return flow(value)
    return plain(KNOBS[name].shown(value))


def _add(path: Path, entry: _Entry, environ: Mapping[str, str]) -> None:
    try:
        old = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    before = parse(old, str(path), environ)
    if entry.name in getattr(before, entry.section):
        raise ConfigError(
            f"{path}: a {entry.kind} {entry.name!r} is already there", hint="choose another name"
        )
    new = _extended(old.decode("utf-8-sig"), entry).encode()
    if old.startswith(b"\xef\xbb\xbf"):
        new = b"\xef\xbb\xbf" + new
    _verify(before, new, path, entry, environ)
    _replace(path, new)


def _extended(text: str, entry: _Entry) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    # The same breaks YAML counts lines by; each stays as it is.
    lines = text.splitlines(keepends=True)
    if lines and lines[-1] == lines[-1].rstrip("\r\n\x85\u2028\u2029"):
        lines[-1] += newline
    place = _place(text, entry)
    if place is None:
        gap = [""] if lines and lines[-1].strip() else []
        added = [*gap, f"{entry.section}:", *entry.lines("  ", "  ")]
        after = len(lines)
    else:
        after, indent = place
        added = list(entry.lines(indent, "  "))
    lines[after:after] = [line + newline for line in added]
    return "".join(lines)


def _place(text: str, entry: _Entry) -> tuple[int, str] | None:
    """The line behind the section's last entry and the indentation of their names; None without section."""
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    for key, value in pairs:
        if key.value != entry.section:
            continue
        if isinstance(value, yaml.MappingNode) and value.value and not value.flow_style:
            return _last_line(value) + 1, " " * value.value[0][0].start_mark.column
        if isinstance(value, yaml.ScalarNode) and not value.value:
            return int(key.end_mark.line) + 1, "  "
        what = f"{entry.section} is written in a form that cannot be extended"
        raise ConfigError(what, hint=entry.by_hand)
    return None


def _last_line(node: Any) -> int:
    """The line a block node's last value ends in; its own end mark lies behind blanks and comments."""
    if node.value and isinstance(node, yaml.MappingNode) and not node.flow_style:
        return _last_line(node.value[-1][1])
    if node.value and isinstance(node, yaml.SequenceNode) and not node.flow_style:
        return _last_line(node.value[-1])
    ends_before = node.end_mark.column == 0 and node.end_mark.line > node.start_mark.line
    return int(node.end_mark.line) - (1 if ends_before else 0)


def _verify(before: Config, new: bytes, path: Path, entry: _Entry, environ: Mapping[str, str]) -> None:
    """Read the new text back: everything old must mean the same, and the entry must be there."""
    try:
        after = parse(new, str(path), environ)
    except ConfigError as error:
        raise ConfigError(f"{path}: cannot be extended: {error.what}", hint=entry.by_hand) from error
    if not entry.is_there(after) or _meaning(after, entry) != _meaning(before, entry):
        raise ConfigError(f"{path}: cannot be extended safely", hint=entry.by_hand)


def _meaning(config: Config, entry: _Entry) -> tuple[object, ...]:
    """Everything configured but the entry, and without places in the file, which move."""
    sections: dict[str, dict[str, object]] = {
        "proxies": {name: _proxy(proxy) for name, proxy in config.proxies.items()},
        "presets": dict(config.presets),
    }
    sections[entry.section].pop(entry.name, None)
    return (sections, config.models, config.cache, config.default_model, config.ui)


def _proxy(proxy: ProxySettings) -> tuple[object, ...]:
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
