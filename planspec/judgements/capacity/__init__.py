"""Whether connections, storage and sizes suffice."""
