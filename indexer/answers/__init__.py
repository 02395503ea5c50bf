"""What is answered: results, highlights, suggestions, completions, articles alike."""
