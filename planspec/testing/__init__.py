"""Whether the requirements are any good: lint, mutation, backtest."""
