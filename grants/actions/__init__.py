"""Every write about dossiers, from their draft to the signed agreement."""
