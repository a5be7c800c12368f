"""What happens to lines, told to the apps above; sent inside the action's transaction."""

from django.dispatch import Signal

# issue: Issue, event: Event
moved = Signal()
