"""The ways out of the house: how each sends, what it needs, and what is said by it."""
