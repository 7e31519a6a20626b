"""What another program thinks of IAM policies, for a test that compares it with planspec."""
