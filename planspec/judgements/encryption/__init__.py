"""What is encrypted, and with which key."""
