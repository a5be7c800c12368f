"""What is done with teams, guards and nights: one function a verb."""
