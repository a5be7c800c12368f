"""Which neighbours make a team, and why: places and what was settled beforehand go in, a division
with its reasons comes out.

Pure: nothing in here knows of the database. ``search`` needs numpy, which the application does not
import; it runs ``solving`` as a process of its own (``running``).
"""
