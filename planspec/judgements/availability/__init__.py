"""Whether a zone may fail."""
