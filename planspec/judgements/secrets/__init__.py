"""Where secrets stand."""
