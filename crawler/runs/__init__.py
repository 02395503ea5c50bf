"""One run: what is asked for, what becomes of a page, what is told in the end. Without Scrapy."""
