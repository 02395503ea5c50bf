"""The index's commands, each module loaded when one of its own is asked for."""
