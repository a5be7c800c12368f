"""Checks of the code that no tool we know of makes."""
