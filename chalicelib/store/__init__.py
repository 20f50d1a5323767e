"""The table: find things, ask what is undone or due, and write several things at once or not at all.

Every write is conditional. `Insert` expects that the thing is not there yet, `Replace` that it is still the
version that was read; a lost condition raises `Lost` with the things that lost. Only this package knows how
things lie in DynamoDB, and only it imports pynamodb.
"""

from chalicelib.store.dues import FIRST, Due
from chalicelib.store.table import Store
from chalicelib.store.writes import Insert, Put, Replace

__all__ = ["FIRST", "Due", "Insert", "Put", "Replace", "Store"]
