"""The page server: the stand-ins and the flow in one browser window, over their documented controls only."""

from infra.local.page.server import Page

__all__ = ["Page"]
