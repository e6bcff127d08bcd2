"""Reads of the monitoring that several callers share."""
