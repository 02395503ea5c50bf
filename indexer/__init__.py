"""The index: from the archive to answers. Imports crawler, nothing of search_app."""
