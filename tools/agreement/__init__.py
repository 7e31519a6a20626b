"""Where requirements and Checkov ask the same, and whether both give the same answer."""
