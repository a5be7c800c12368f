"""How an entry of a station's list ends: closed down, or merged into another; both with a look at
everything that hangs on it, in every app."""
