"""Checks of our own that Checkov loads beside its own: data, and Python where data cannot."""
