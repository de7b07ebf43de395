"""What a star stands for: never more than was meant when it allows, never less when it denies."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.tools.patterns import allows, denies

ALLOWED = [
    ("shell", "git status", "git status"),
    ("shell", "git status*", "git status"),
    ("shell", "git status*", "git status --short -b"),
    ("shell", "git diff *", "git diff src/a.py~"),
    ("shell", "git log * --oneline", "git log -5 main..topic --oneline"),
    ("shell", "ls | wc -l", "ls | wc -l"),
    ("shell", "make *", "make über"),
    ("http_get", "https://example.com/docs/*", "https://example.com/docs/a.html"),
    ("http_get", "https://example.com/**", "https://example.com/a/b?c=d&e=f"),
    ("http_get", "https://*.example.com/**", "https://api.example.com/v1/x"),
    ("write_file", "notes/*", "notes/today.md"),
    ("write_file", "notes/**", "notes/a/b.md"),
    ("write_file", "**.md", "a/b.md"),
]


@pytest.mark.parametrize(("tool", "pattern", "subject"), ALLOWED)
def test_what_was_meant_is_allowed(tool: str, pattern: str, subject: str) -> None:
    assert allows(tool, pattern, subject)


NOT_ALLOWED = [
    "git status; rm -rf ~",
    "git status\nrm -rf ~",
    "git status\rrm -rf ~",
    "git status && rm -rf ~",
    "git status || rm -rf ~",
    "git status | sh",
    "git status & rm -rf ~",
    "git status $(rm -rf ~)",
    "git status `rm -rf ~`",
    "git status > /etc/passwd",
    "git status < /etc/passwd",
    "git status <(rm)",
    "git status ${IFS}x",
    "git status {a,b}",
    "git status \\\nrm",
    "git status 'a'",
    'git status "a"',
    "git status # rm",
    "git status *",
    "git status ?",
    "git status !!",
    "git status\x00rm",
    "git status \u202erm",
    "git status \u200brm",
    "git status\u2028rm",
    "git status\x1b[2K",
    "git status\trm",
    " git status",
    "Git status",
    "g\u0456t status",
    "/tmp/git status",
]


@pytest.mark.parametrize("subject", NOT_ALLOWED)
def test_nothing_a_shell_acts_on_passes_as_a_star(subject: str) -> None:
    assert not allows("shell", "git status*", subject)


@pytest.mark.parametrize("swallowed", ['"x --dry-run"', "\\ --dry-run", "# --dry-run", "' --dry-run'"])
def test_a_star_cannot_take_the_fixed_part_away(swallowed: str) -> None:
    assert not allows("shell", "push * --dry-run", f"push {swallowed} --dry-run")
    assert not allows("shell", "push * --dry-run*", f"push {swallowed}")


@pytest.mark.parametrize(
    ("pattern", "subject"),
    [
        ("https://*.example.com/**", "https://evil.com/x.example.com/"),
        ("https://*.example.com/**", "https://evil.com?.example.com/"),
        ("https://*.example.com/**", "https://evil.com#.example.com/"),
        ("https://*.example.com/**", "https://evil.com\\.example.com/"),
        ("https://*.example.com/**", "https://me@.example.com/"),
        ("https://example.com/*", "https://example.com/a/b"),
        ("https://example.com/**", "http://example.com/"),
        ("https://example.com/**", "https://example.com:8443/"),
        ("https://example.com/**", "https://example.com.evil.com/"),
        ("https://example.com/**", "https://example.com/\n"),
    ],
)
def test_a_star_in_an_address_stays_in_its_segment(pattern: str, subject: str) -> None:
    assert not allows("http_get", pattern, subject)


@pytest.mark.parametrize(
    ("tool", "pattern", "subject"),
    [
        ("shell", "rm *", "rm -rf /"),
        ("shell", "rm *", "ls; rm -rf /"),
        ("shell", "rm *", "ls && rm -rf /"),
        ("shell", "rm *", "ls\nrm x"),
        ("shell", "rm *", "echo $(rm x)"),
        ("shell", "rm *", "echo `rm x`"),
        ("shell", "rm *", "(rm x)"),
        ("shell", "rm *", "{ rm x; }"),
        ("shell", "rm *", "   rm    x"),
        ("shell", "rm *", "r\\m x"),
        ("shell", "rm *", '"rm" x'),
        ("shell", "rm *", "RM x"),
        ("shell", "rm *", "true | rm x"),
        ("shell", "*curl*", "x=1 /usr/bin/curl http://a"),
        ("shell", "git push*", "git   push --force"),
        ("write_file", "secrets/*", "secrets/a/b"),
        ("write_file", "secrets/*", "Secrets/a"),
        ("write_file", "*.env", "conf/x.env"),
        ("http_get", "https://example.com/admin*", "https://example.com/%61dmin/x"),
        ("http_get", "http*://internal.example.com*", "https://INTERNAL.example.com/"),
        ("http_get", "**a*a*b**", "xaab"),
    ],
)
def test_a_denial_takes_in_what_only_looks_different(tool: str, pattern: str, subject: str) -> None:
    assert denies(tool, pattern, subject)


@pytest.mark.parametrize(
    ("pattern", "subject"), [("rm *", "echo rm x"), ("rm *", "rmdir x"), ("git push*", "git pull")]
)
def test_a_denial_is_no_catch_all(pattern: str, subject: str) -> None:
    assert not denies("shell", pattern, subject)


COMMANDS = st.text(
    st.sampled_from("abgit status-;&|$(){}<>`'\"\\\n\r\t*?#!~\u202e\u200b\x1b\x00"), max_size=40
)


@given(COMMANDS)
def test_whatever_a_star_takes_is_one_plain_command(rest: str) -> None:
    if allows("shell", "git status*", f"git status{rest}"):
        assert all(char.isalnum() or char in " _-./:,=@+%~" for char in rest)


@given(st.text(max_size=30), st.text(max_size=30))
def test_what_is_allowed_by_a_pattern_is_denied_by_the_same_one(pattern: str, subject: str) -> None:
    for tool in ("shell", "http_get"):
        if subject and allows(tool, pattern, subject):
            assert denies(tool, pattern, subject)


@given(st.text(max_size=20))
def test_text_without_stars_means_itself(text: str) -> None:
    plain = text.replace("*", "")
    assert allows("http_get", plain, plain)
    assert not allows("http_get", plain, f"{plain}x")


def test_no_pattern_is_slow() -> None:
    started = time.process_time()
    assert not allows("http_get", "**a" * 20 + "b", "a" * 20_000)
    assert not denies("shell", "*a" * 20 + "b", "a" * 20_000)
    assert time.process_time() - started < 10
