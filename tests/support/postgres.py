"""A real PostgreSQL for one test: found, started as somebody without rights, and stopped by its id.

Nothing of an installation is touched: the data lies in a temporary folder, and only a socket in that
folder is listened on.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pg8000.dbapi

DEBIAN: Final = Path("/usr/lib/postgresql")
APPLICATION: Final = "application"
PORT: Final = 5432
SECONDS_TO_START: Final = 120
FIRST_WITH_RESERVED: Final = 16
# Those of the superuser, by PostgreSQL's own default; the rest is for roles that hold the privilege.
OF_SUPERUSERS: Final = 3
# The server refuses root, and so does its initdb.
UNPRIVILEGED: Final = ("postgres", "nobody")


class Server(NamedTuple):
    """A running server: how it is reached."""

    socket: str
    superuser: str

    def connect(self, user: str) -> pg8000.dbapi.Connection:
        """Open a connection. Raises pg8000.dbapi.Error where the server refuses it."""
        return pg8000.dbapi.connect(user, unix_sock=self.socket, database="postgres", ssl_context=False)


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`, the newest first; None where there is none."""
    versions = sorted(DEBIAN.glob("*/bin"), key=lambda each: float(each.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    folders = [*versions, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((each for each in folders if (each / "postgres").exists()), None)


def _account() -> str | None:
    """Whom to run as: None for oneself, which will do unless that is root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


def _run(command: Sequence[str | Path], folder: Path, account: str | None) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        user=account,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@contextlib.contextmanager
def running(bin_folder: Path, *, max_connections: int, reserved: int) -> Iterator[Server]:
    """Run a server that accepts so many connections, of which it keeps some from applications.

    RDS keeps connections for itself and for its superusers; before PostgreSQL 16 only those for
    superusers exist, so there they stand for all.
    """
    account = _account()
    with tempfile.TemporaryDirectory(prefix="planspec-postgres-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if account:
            os.chown(data, pwd.getpwnam(account).pw_uid, -1)
        superuser = "owner"
        _run(
            [bin_folder / "initdb", "-D", data, "-U", superuser, "-A", "trust", "--no-sync"],
            data,
            account,
        )
        server = subprocess.Popen(
            [
                bin_folder / "postgres",
                "-D",
                data,
                *_settings(bin_folder, data, max_connections, reserved),
            ],
            cwd=data,
            user=account,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            found = Server(f"{data}/.s.PGSQL.{PORT}", superuser)
            _make_application(found, server)
            yield found
        finally:
            server.send_signal(signal.SIGINT)  # fast: connections that a failed test left open are ended
            server.wait(timeout=SECONDS_TO_START)


def _settings(bin_folder: Path, data: Path, max_connections: int, reserved: int) -> list[str]:
    version = subprocess.run(
        [str(bin_folder / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    major = int(version.split()[2].partition(".")[0])
    kept = {"superuser_reserved_connections": reserved}
    if major >= FIRST_WITH_RESERVED:
        kept = {
            "superuser_reserved_connections": OF_SUPERUSERS,
            "reserved_connections": reserved - OF_SUPERUSERS,
        }
    settings = {
        "max_connections": max_connections,
        **kept,
        "listen_addresses": "",
        "unix_socket_directories": data,
        "port": PORT,
        "fsync": "off",
        "shared_buffers": "16MB",
        "max_wal_senders": 0,
        "wal_level": "minimal",
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _make_application(server: Server, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the server answers, and make the role that the service connects with."""
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            connection = server.connect(server.superuser)
            break
        except (pg8000.dbapi.Error, OSError):
            assert process.poll() is None, "the server ended while it started"
            assert time.monotonic() < deadline, "the server did not answer"
            time.sleep(0.05)
    connection.autocommit = True
    connection.cursor().execute(f"CREATE ROLE {APPLICATION} LOGIN")
    connection.close()


def open_connections(server: Server, wanted: int) -> tuple[int, list[str]]:
    """Open so many connections as the application and hold them: how many it got, and refusals."""
    held: list[pg8000.dbapi.Connection] = []
    refused: list[str] = []
    try:
        for _ in range(wanted):
            try:
                held.append(server.connect(APPLICATION))
            except pg8000.dbapi.Error as error:
                refused.append(_said(error))
        return len(held), refused
    finally:
        for connection in held:
            connection.close()


def _said(error: BaseException) -> str:
    """The server's code and words; the driver may fail again while it closes, and hide them."""
    inner: BaseException | None = error
    while inner is not None:
        told = inner.args[0] if inner.args else None
        if isinstance(told, dict):
            return f"{told.get('C')}: {told.get('M')}"
        inner = inner.__cause__ or inner.__context__
    return str(error)
