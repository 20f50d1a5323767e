"""A strict, faithful stand-in for Slack, for laptops and tests."""

from infra.local.slack.standin import SlackStandIn

__all__ = ["SlackStandIn"]
