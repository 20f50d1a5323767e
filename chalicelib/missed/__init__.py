"""What was missed on the way to us: asked for afterwards where somebody can be asked, and taken in as ever."""

from chalicelib.missed.look import look
from chalicelib.missed.watch import due

__all__ = ["due", "look"]
