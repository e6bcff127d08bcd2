"""Pure arithmetic of the selection: marks in, totals and means out."""
