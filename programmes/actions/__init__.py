"""Every write about programmes, their money and their calls."""
