"""The Whoosh index: written, kept in generations, opened, matched and ranked."""
