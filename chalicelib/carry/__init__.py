"""Bytes, never in a teller's way: from a provider to S3 and on to Slack; from Slack to S3 for whoever sends."""

from chalicelib.carry.pictures import picture
from chalicelib.carry.worker import carry

__all__ = ["carry", "picture"]
