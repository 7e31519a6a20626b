"""Does a request that is sent again get the answer of the first one?"""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from werkzeug.test import run_wsgi_app

from planspec.terraform.emulator.repeats import Repeats


class Counting:
    """Answers with how often it was asked, with a status of its own."""

    def __init__(self, status: str = "200 OK") -> None:
        self.asked = 0
        self.status = status

    def __call__(self, _: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Count, and answer."""
        self.asked += 1
        start_response(self.status, [("X-Asked", str(self.asked))])
        return [str(self.asked).encode()]


def ask(application: Repeats, invocation: str | None) -> tuple[bytes, str]:
    """Send a request with a body; gives the body and the status of the answer."""
    environ: dict[str, Any] = {"wsgi.input": BytesIO(b"a=b"), "CONTENT_LENGTH": "3"}
    if invocation:
        environ["HTTP_AMZ_SDK_INVOCATION_ID"] = invocation
    body, status, _ = run_wsgi_app(application, environ, buffered=True)
    assert not invocation or environ["wsgi.input"].read() in (b"", b"a=b")
    return b"".join(body), status


def test_the_same_invocation_is_answered_once() -> None:
    application = Repeats(Counting())
    assert [ask(application, each)[0] for each in ("a", "a", "b", "a")] == [b"1", b"1", b"2", b"1"]


def test_without_an_invocation_every_request_is_new() -> None:
    application = Repeats(Counting())
    assert [ask(application, None)[0] for _ in range(2)] == [b"1", b"2"]


def test_an_error_of_the_server_is_no_answer() -> None:
    application = Repeats(Counting("500 INTERNAL SERVER ERROR"))
    assert [ask(application, "a")[0] for _ in range(2)] == [b"1", b"2"]


def test_what_was_refused_stays_refused() -> None:
    application = Repeats(Counting("400 BAD REQUEST"))
    assert [ask(application, "a") for _ in range(2)] == [(b"1", "400 BAD REQUEST")] * 2
