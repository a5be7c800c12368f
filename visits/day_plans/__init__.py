"""Making the plans of officers' days: reading the facts, applying visits/planning, writing rows."""
