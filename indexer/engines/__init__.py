"""Search engines behind one seam: what the app, the commands and exports ask, and who answers."""
