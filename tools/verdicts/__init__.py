"""Whether two versions of planspec judge the same plans alike."""
