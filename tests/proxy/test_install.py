"""A half-built environment is never taken for a finished one, and a failure is loud."""

from pathlib import Path

import pytest

from tests.proxy import install


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "deep" / "env"
    monkeypatch.setenv("SIGHTLINE_PROXY_ENV", str(path))
    return path


@pytest.fixture
def commands(target: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands in for venv and pip; a word in ``broken`` makes the command that holds it fail."""
    seen: list[str] = []

    def run(command: list[str], seconds: int, check: bool = True) -> None:
        line = " ".join(command)
        seen.append(line)
        if "broken" in seen and "pip" in line:
            raise install.InstallFailedError("no")
        (target / "bin").mkdir(parents=True, exist_ok=True)
        (target / "pyvenv.cfg").touch()

    monkeypatch.setattr(install, "_run", run)
    return seen


def test_it_installs_once(target: Path, commands: list[str]) -> None:
    assert install.installed_proxy() == target / "bin" / "litellm"
    first = len(commands)
    assert any(f"litellm[proxy]=={install.litellm_version()}" in c for c in commands)
    install.installed_proxy()
    assert len(commands) == first


def test_a_broken_install_raises_and_is_built_anew(target: Path, commands: list[str]) -> None:
    commands.append("broken")
    for _ in range(2):
        with pytest.raises(install.InstallFailedError):
            install.installed_proxy()
    left_over = target / "left-over"
    left_over.touch()
    commands.remove("broken")
    install.installed_proxy()
    assert not left_over.exists()


def test_other_constraints_are_another_environment(
    target: Path, commands: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install.installed_proxy()
    before = len(commands)
    changed = tmp_path / "constraints.txt"
    changed.write_text("litellm==9.9.9\n")
    monkeypatch.setattr(install, "CONSTRAINTS", changed)
    install.installed_proxy()
    assert "litellm[proxy]==9.9.9" in " ".join(commands[before:])
    monkeypatch.delenv("SIGHTLINE_PROXY_ENV")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert install.environment_path().parent == tmp_path / ".cache" / "sightline"


def test_a_directory_of_something_else_is_left_alone(target: Path, commands: list[str]) -> None:
    (target / "photos").mkdir(parents=True)
    with pytest.raises(install.InstallFailedError, match="no virtual environment"):
        install.installed_proxy()
    assert (target / "photos").is_dir()
    assert not commands


def test_a_failing_command_shows_what_it_said() -> None:
    with pytest.raises(install.InstallFailedError, match="words of the installer"):
        install._run(["sh", "-c", "echo words of the installer; exit 3"], 10)
    with pytest.raises(install.InstallFailedError, match="longer than"):
        install._run(["sleep", "5"], 0)


def test_constraints_are_names_and_versions_only() -> None:
    lines = install.CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert len(pins) > 50
    assert all(line.count("==") == 1 and "/" not in line and "@" not in line for line in pins)
