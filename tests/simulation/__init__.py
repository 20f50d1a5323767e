"""The real application under a seeded scheduler with its own clock: docs/simulation.md."""
