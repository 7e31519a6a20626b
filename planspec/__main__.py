"""`python -m planspec` is the command line."""

from planspec.cli.app import main

main(prog_name="planspec")
