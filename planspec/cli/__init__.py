"""The command line: one command, one module."""

from planspec.cli.app import main

__all__ = ["main"]
