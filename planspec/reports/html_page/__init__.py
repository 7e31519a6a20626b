"""The parts of the HTML report: what it shows, how it is laid out, its script, style and fonts."""
