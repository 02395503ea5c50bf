"""Kept searches whose new articles are told of, each article once."""
