"""`python -m planspec` is the command line."""

from planspec.cli import main

main(prog_name="planspec")
