"""The bill over the API: lines, moves, timeline, files."""
