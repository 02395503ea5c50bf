"""The archive: articles in every revision, their raw pages, what was found and what became of it."""
