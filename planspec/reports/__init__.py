"""What a person or another program reads, made from the evidence alone."""

from planspec.reports.formats import FORMATS, render

__all__ = ["FORMATS", "render"]
