"""Measurements: how long the main pages take, and how many queries, with few dossiers and with many.

`python -m benchmarks` makes scratch databases, fills each with synthetic dossiers, and asks for the same pages of all
of them in turn. It never touches the data of the installation that it is started in.
"""
