"""Checkov on Terraform plans, fast: runs in Checkov's environment, as a process of its own.

This folder is started by path with Checkov's interpreter. It imports nothing of planspec but itself,
and planspec imports nothing of it: the two speak through a file (`__main__`).
"""
