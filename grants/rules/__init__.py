"""The arithmetic of grants: pure and exact."""
