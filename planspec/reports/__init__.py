"""The reports: one module for each format, made from the evidence record alone."""
