"""The order of a route, when its rounds begin and what nobody covers; pure."""
