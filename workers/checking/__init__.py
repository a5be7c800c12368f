"""Checking lists of workers: what headings mean, what is wrong with a row, whom it means.

Everything here is computed; ``workers.actions`` reads and writes.
"""
