"""Reads of the selection that several callers share; they never write."""
