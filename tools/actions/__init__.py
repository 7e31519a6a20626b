"""The index of the actions that IAM policies can allow, made from a public package."""
