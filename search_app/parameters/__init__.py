"""What a URL may ask for, and how the API describes it."""
