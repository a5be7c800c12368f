"""Reading enterprise lists: what the headings mean, what a row says, whom it means.

Everything here is computed; ``enterprises.actions.importing`` reads and writes.
"""
