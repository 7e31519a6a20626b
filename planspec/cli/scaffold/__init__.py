"""What `planspec init` writes."""
