"""How a new version arrives."""
