"""Taking in what a phone sends: its outbox, and its files in pieces."""
