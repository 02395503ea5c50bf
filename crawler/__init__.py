"""The crawler: from the newspaper's site to the archive. Imports nothing of indexer or search_app."""
