"""The commands: one module each, named like the command, with the attribute `command`."""
