"""The command line: which commands there are, and what an error looks like.

Each command is a module of `planspec.cli.commands`, named like the command and imported when it is
asked for. Exit codes: 0 every requirement holds · 1 some requirement is violated or undetermined ·
2 not judged.
"""

import importlib
import os
import pkgutil
import sys
from typing import Any, NoReturn

import click

from planspec import masking
from planspec.cli import commands, help_texts, signals
from planspec.errors import PlanspecError
from planspec.syntax import did_you_mean

NOT_JUDGED = 2


class _Group(click.Group):
    """Finds the commands, and turns every error that a person can act on into one paragraph."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of this name; None if there is none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"planspec.cli.commands.{cmd_name}")
        command: click.Command = module.command
        command.epilog = help_texts.below(cmd_name, module.EXAMPLES)
        return command

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command; a secret of a plan that it reads is hidden in whatever it prints."""
        with masking.guarded_streams():
            return super().main(*args, **extra)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is asked for, and name the nearest where there is none."""
        if args and not args[0].startswith("-") and args[0] not in (known := self.list_commands(ctx)):
            ctx.fail(f'no such command "{args[0]}"{did_you_mean(args[0], known)}')
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with signals.cleaning_up():
                return super().invoke(ctx)
        except PlanspecError as error:
            _refuse(str(error))
        except KeyboardInterrupt:
            _refuse("stopped")
        except (click.exceptions.Exit, click.Abort, click.ClickException):
            raise
        except BrokenPipeError:
            # Who read our output has gone, and has not seen the whole of it.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            _refuse("standard output was closed before all was written; write to a file: -o FORMAT=FILE")
        except Exception as error:  # noqa: BLE001 - the last resort: no verdict, and no secret shown
            # Its text may quote the plan, and with it a secret; its kind and its place do not.
            if os.environ.get("PLANSPEC_TRACEBACK"):
                click.echo(traced(error), err=True)
            kind = type(error).__name__
            _refuse(f"a fault of planspec ({kind}), so no verdict; where: set PLANSPEC_TRACEBACK=1")


def traced(error: BaseException | None) -> str:
    """Where an error and its causes happened, line by line of the source, without their texts."""
    import traceback

    told: list[str] = []
    while error is not None:
        frames = "".join(traceback.format_tb(error.__traceback__))
        told.insert(0, f"{frames}{type(error).__module__}.{type(error).__name__}")
        error = error.__cause__ or error.__context__
    return "\n\n".join(["Traceback, without texts, because they may quote the plan:", *told])


def _refuse(problem: str) -> NoReturn:
    from planspec.reports.rows import printable

    # It may quote what somebody else wrote, and a terminal would obey that.
    lines = "\n".join(map(printable, problem.splitlines()))
    click.echo(f"planspec: {lines}", err=True)
    sys.exit(NOT_JUDGED)


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=help_texts.below("", help_texts.EXAMPLES),
)
@click.version_option(package_name="planspec", message="%(package)s %(version)s")
def main() -> None:
    """Judge Terraform plans against written requirements, and keep the evidence."""


if __name__ == "__main__":
    main()
