"""Mistakes made on purpose, one at a time: whoever trusts the simulator wants to see it catch them."""
