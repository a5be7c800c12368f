"""Lists of guards: what headings mean, what a row says, what it would do. Pure."""
