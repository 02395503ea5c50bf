"""A page as a document: bytes → text, elements, running text, what it says for machines. Pure."""
