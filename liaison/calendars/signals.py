"""What becomes of the calendar, told to the apps above."""

from django.dispatch import Signal

# Inside the transaction. first, last: the dates between which what is worked may have changed.
days_changed = Signal()
# After it, also when nothing changed. by: User or None. Receivers return how many deadlines moved.
calendar_imported = Signal()
