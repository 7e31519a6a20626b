"""What runs inside the emulator's process: moto's server, with the surroundings that a seed file names.

    python -m planspec.terraform.emulator.server [--port PORT] [--region REGION] [--seed FILE]

It prints `ready URL` when it answers, and ends when its standard input ends. The account is moto's
own, 123456789012.
"""

import argparse
import contextlib
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from flask import Flask
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from planspec.terraform.emulator.database_refusals import refuse_what_rds_refuses
from planspec.terraform.emulator.databases import close_database_gaps
from planspec.terraform.emulator.gaps import close_gaps, refuse_at_once
from planspec.terraform.emulator.refusals import refuse_what_aws_refuses
from planspec.terraform.emulator.regions import Regions
from planspec.terraform.emulator.repeats import Repeats
from planspec.terraform.emulator.seed import read_seed
from planspec.terraform.emulator.surroundings import seed, seed_beside

_ASKED_FIRST = ("sts", "ec2", "acm", "secretsmanager", "iam")


def main(arguments: Sequence[str] | None = None) -> None:
    """Seed, serve, and end with the parent."""
    parser = argparse.ArgumentParser(description="AWS on loopback, for Terraform plans.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--region", default="eu-west-1", help="seeded first; any other when asked")
    parser.add_argument("--seed", type=Path, metavar="FILE", help="what exists before Terraform comes")
    options = parser.parse_args(arguments)
    close_gaps()
    close_database_gaps()
    refuse_what_aws_refuses()
    refuse_what_rds_refuses()
    wanted = read_seed(options.seed) if options.seed else None
    dispatcher = DomainDispatcherApplication(_application)
    regions = Regions(
        Repeats(dispatcher), lambda region: seed_beside(region, wanted), str(options.seed or "")
    )
    regions.prepare(options.region, lambda region: seed(region, wanted))
    server = make_server(
        "127.0.0.1",
        options.port,
        regions,
        threaded=True,
        request_handler=_QuietHandler,
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"ready http://127.0.0.1:{server.port}", flush=True)
    _warm_up(dispatcher)
    with contextlib.suppress(KeyboardInterrupt):
        sys.stdin.buffer.read()
    # Nothing here needs saving, and a request that is still being answered must not keep us.
    os._exit(0)


def _application(service: str) -> Flask:
    application = create_backend_app(service)  # type: ignore[arg-type]
    application.debug = False
    refuse_at_once(application)
    return application


def _warm_up(dispatcher: DomainDispatcherApplication) -> None:
    """Load what every plan asks first, while Terraform still reads the configuration."""
    for service in _ASKED_FIRST:
        with dispatcher.lock:
            if service not in dispatcher.app_instances:
                dispatcher.app_instances[service] = _application(service)


class _QuietHandler(MotoRequestHandler):
    """Says nothing about requests; errors still go to standard error."""

    def log_request(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    main()
