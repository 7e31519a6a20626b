"""When must the fast runner fall back, and what has to be fixed first?"""


class Unsupported(Exception):
    """The fast runner cannot vouch for the same verdicts; the text says why."""


class BrokenCheck(Exception):
    """A custom check that Checkov would pass over in silence; the text names the file."""
