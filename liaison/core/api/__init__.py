"""What every part of the API has in common: bodies, parameters, pages, errors, schema."""
