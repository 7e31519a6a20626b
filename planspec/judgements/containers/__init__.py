"""How containers are shut in."""
