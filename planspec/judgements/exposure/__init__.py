"""What can be reached, and from where."""
