"""Where an officer should go today, and why: rules over facts already read. No database here."""
