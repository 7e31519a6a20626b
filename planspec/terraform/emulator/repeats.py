"""A request that comes again, because its answer got lost, gets the same answer.

On a busy machine a connection can end before the answer has arrived. The provider then sends the
request again, as the same invocation. AWS makes some of its calls repeatable; moto takes every one for
new, and refuses a rule that it has just made. Source: AWS SDKs and Tools Reference Guide, "Retry
behavior", headers amz-sdk-invocation-id and amz-sdk-request.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, Final

from werkzeug.test import run_wsgi_app

_KEPT: Final = 500
_ID: Final = "HTTP_AMZ_SDK_INVOCATION_ID"
_FIRST_ERROR_OF_THE_SERVER: Final = 500


class _Answer:
    """What was answered to one invocation; the lock is held while nobody knows yet."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.whole: tuple[str, list[tuple[str, str]], bytes] | None = None


class Repeats:
    """A WSGI application that asks another one, once for each invocation."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self._answers: OrderedDict[str, _Answer] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer; errors of the server are no answers, they are asked for again."""
        invocation = environ.get(_ID)
        if not invocation:
            answered: Iterable[bytes] = self._application(environ, start_response)
            return answered
        answer = self._of(invocation)
        with answer.lock:
            if answer.whole is None:
                body, status, headers = run_wsgi_app(self._application, environ, buffered=True)
                whole = (status, list(headers), b"".join(body))
                if int(status.split()[0]) < _FIRST_ERROR_OF_THE_SERVER:
                    answer.whole = whole
            else:
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                whole = answer.whole
        start_response(whole[0], whole[1])
        return [whole[2]]

    def _of(self, invocation: str) -> _Answer:
        with self._lock:
            answer = self._answers.setdefault(invocation, _Answer())
            self._answers.move_to_end(invocation)
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
            return answer
