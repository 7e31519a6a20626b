"""What each family of resources costs: one module a family."""
