"""Scrapy's own commands, where this project's archive makes them behave otherwise."""
