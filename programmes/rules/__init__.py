"""Pure rules of programmes and calls."""
