"""Vietnamese text: words, and how Whoosh is handed them."""
