"""Whole crawls of the replica, as commands."""
