"""What happens to lines, told to the apps above; sent inside the action's transaction."""

from django.dispatch import Signal

# issue: Issue, event: Event, along: bool (it went along with its enterprise or its officer's work,
# which those concerned are told of as a whole)
moved = Signal()
