"""Which commands of a health check can fail?"""

import pytest

from planspec.aws.container_definitions import can_fail

SHELL = "CMD-SHELL"

PASSES = [
    [SHELL, ""],
    [SHELL, "exit 0"],
    [SHELL, "true"],
    [SHELL, "/bin/true"],
    [SHELL, ":"],
    [SHELL, "curl -f http://x/ || true"],
    [SHELL, "curl -f http://x/ || exit 0"],
    [SHELL, "curl -f http://x/ || echo down || exit 1"],
    [SHELL, "curl -f http://x/; true"],
    [SHELL, "false || true"],
    [SHELL, "false && exit 1 || true"],
    [SHELL, "true && true"],
    [SHELL, "exit 1 || true && true"],
    [SHELL, "curl -f http://x/ && false || true"],
    [SHELL, "curl -f http://x/ | cat"],
    [SHELL, "curl -f http://x/ &"],
    [SHELL, "HOST=x echo up"],
    [SHELL, "(true)"],
    [SHELL, "sh -c 'exit 0'"],
    [SHELL, "/usr/bin/bash -c 'curl http://x || :'"],
    [SHELL, "[ 1 = 1 ]"],
    [SHELL, "[ 1 == 1 ]"],
    [SHELL, "test 1 -eq 1"],
    [SHELL, "test 1 -ge 1"],
    [SHELL, "test 1 -le 1"],
    [SHELL, "[[ a != b ]]"],
    [SHELL, "[ -n up ]"],
    [SHELL, "[ up ]"],
    ["CMD", "true"],
    ["CMD", "/bin/true"],
    ["CMD"],
    ["CMD", "sh", "-c", "exit 0"],
    ["CMD", "/bin/sh", "-c", "true"],
    ["NONE"],
    [""],
]
CAN_FAIL = [
    [SHELL, "curl -f http://x/"],
    [SHELL, "curl -f http://x/ || exit 1"],
    [SHELL, "curl -f http://x/ && true"],
    [SHELL, "true && curl -f http://x/"],
    [SHELL, "true && false"],
    [SHELL, "false"],
    [SHELL, "false || false"],
    [SHELL, "curl -f http://x/ || false"],
    [SHELL, "true || true && false"],
    [SHELL, "exit 1"],
    [SHELL, "exit"],
    [SHELL, "curl -f http://x/ & wait $!"],
    [SHELL, "curl -f http://x/ & curl -f http://y/"],
    [SHELL, "curl -s http://x/ | cat missing"],
    [SHELL, "curl -s http://x/ | grep -q up"],
    [SHELL, "cat /tmp/up"],
    [SHELL, "head"],
    [SHELL, "set -e; curl -f http://x/; true"],
    [SHELL, "curl -f http://x/ || exit 1; true"],
    [SHELL, "sh -c 'curl -f http://x/'"],
    [SHELL, "sh check.sh -c"],
    [SHELL, "python -c 'exit 0'"],
    [SHELL, "'unclosed"],
    [SHELL, "$(echo false)"],
    [SHELL, '[ "$(cat /tmp/state)" = up ]'],
    [SHELL, '[ up = "$(cat /tmp/state)" ]'],
    [SHELL, "[ $STATE = $STATE ]"],
    [SHELL, "[ 1 = 2 ]"],
    [SHELL, "[ 1 != 1 ]"],
    [SHELL, "[ $STATE != down ]"],
    [SHELL, "[ -n $STATE ]"],
    [SHELL, "[ $STATE ]"],
    [SHELL, "[ -f /tmp/up ]"],
    [SHELL, "[ 1 -gt 1 ]"],
    ["CMD", "curl", "-f", "http://x/"],
    ["CMD", "sh", "-c", "curl -f http://x/"],
    ["CMD", "sh", "check.sh"],
    ["CMD", "python", "-c", "exit 0"],
    ["CMD", "sh", "-c"],
]


@pytest.mark.parametrize("command", PASSES, ids=" ".join)
def test_what_says_healthy_whatever_happens_cannot_fail(command: list[str]) -> None:
    assert can_fail(command) is False


@pytest.mark.parametrize("command", CAN_FAIL, ids=" ".join)
def test_what_asks_something_can_fail(command: list[str]) -> None:
    assert can_fail(command) is True
