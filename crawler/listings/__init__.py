"""Listings of articles: the section's own pages, feeds and sitemaps → what there is to ask for. Pure."""
