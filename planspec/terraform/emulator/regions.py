"""What exists, exists in every region that Terraform asks about: it is made at the first request for it.

Which region that is, the signature of the request says. Source: AWS General Reference, "Signing AWS API
requests", the credential scope.
"""

import re
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final

from planspec.terraform.emulator.gaps import refusal

_SCOPE: Final = re.compile(r"Credential=[^/]+/\d{8}/([^/]+)/([^/]+)/aws4_request")
# Those that answer with what was made. Others are signed for a region in which nobody works: IAM's.
_HOLDERS: Final = frozenset({"acm", "ec2", "secretsmanager"})


class Regions:
    """A WSGI application that asks another one, once what exists is there.

    Nothing else is answered while it is made, so that its identifiers are the same in every run.
    """

    def __init__(self, application: Any, make: Callable[[str], None], file: str = "") -> None:
        """`make` is called once for each region; `file` says what, and is named where that fails."""
        self._file = f"{file}: " if file else ""
        self._application = application
        self._make = make
        self._known: dict[str, str] = {}
        self._answering = 0
        self._change = threading.Condition()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer, or refuse where what was asked for cannot exist in the region."""
        with self._change:
            problem = self._made(environ.get("HTTP_AUTHORIZATION", ""))
            self._answering += 1
        try:
            refused = refusal(problem, environ.get("CONTENT_TYPE", "")) if problem else None
            answered: Iterable[bytes] = (refused or self._application)(environ, start_response)
            return answered
        finally:
            with self._change:
                self._answering -= 1
                self._change.notify_all()

    def _made(self, authorization: str) -> str:
        """Why what exists cannot be made in the region of a request; "" where it is there."""
        scope = _SCOPE.search(authorization)
        if scope is None or scope[2] not in _HOLDERS:
            return ""
        region = scope[1]
        if region not in self._known:
            self._change.wait_for(lambda: not self._answering or region in self._known)
        if region not in self._known:
            self.prepare(region, self._make)
        return self._known[region]

    def prepare(self, region: str, make: Callable[[str], None]) -> None:
        """Make what exists in a region; what goes wrong is told to those who ask about it."""
        try:
            make(region)
            self._known[region] = ""
        except Exception as error:  # noqa: BLE001 (whatever moto refuses, Terraform has to show)
            self._known[region] = f"{self._file}the emulator cannot seed {region}: {error}"
