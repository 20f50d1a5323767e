# Another package brings a `tests` of its own, which hides ours unless ours is one too.
