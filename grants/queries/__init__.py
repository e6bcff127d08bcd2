"""Reads about dossiers that several callers share."""
