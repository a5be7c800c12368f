"""What happens to people's accounts, told to the apps above."""

from django.dispatch import Signal

# user: User, whose password was changed by themselves
password_changed = Signal()
