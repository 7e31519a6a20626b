"""How one plan is judged, from the file to the evidence."""
