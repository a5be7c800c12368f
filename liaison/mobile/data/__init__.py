"""What a phone is given to work with while it has no network: read through the same questions as
the pages, in a number of queries that does not grow with the rows. Each part by its noun."""
