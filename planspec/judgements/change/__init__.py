"""What a change takes away or opens."""
