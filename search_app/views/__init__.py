"""The blueprints: one for each kind of thing that is asked for."""
