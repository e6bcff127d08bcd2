"""Every write about people: accounts, organisations, mandates, roles."""
