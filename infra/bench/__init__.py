"""Our own time and our round trips, beside those of the bare calls. `make bench`; loopback only."""
