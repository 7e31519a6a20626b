"""What is seen, and who hears of it."""
