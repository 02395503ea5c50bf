"""The crawler's commands, and what every command of the product shares."""
