"""Reads of the records that several callers share."""
