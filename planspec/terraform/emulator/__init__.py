"""AWS on loopback, for plans without an account."""
