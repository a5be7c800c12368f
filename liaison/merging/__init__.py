"""Two entries of one enterprise become one, in every app that holds something of it."""
