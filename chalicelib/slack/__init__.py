"""The team's shore."""
