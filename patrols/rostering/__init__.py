"""A month of nights for one team: the problem as plain values, its solution, and why there is none.

Pure: nothing in here knows of the database, so that the checker in the tests and the bench take
the same values. ``solving`` needs OR-Tools, which is heavy; the application runs it as a process
of its own (``running``) and never imports it.
"""
