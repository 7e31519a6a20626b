"""Whether data can be had again."""
