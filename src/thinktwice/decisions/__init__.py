"""Deciding: a pure core (``decide``), the service that feeds it and makes it durable, clearance, replay."""
