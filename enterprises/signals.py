"""What happens to enterprises, told to the apps above.

Sent with ``send`` inside the action's transaction: a receiver that refuses undoes the verb, so
no enterprise changes hands while its open lines stay behind.
"""

from django.dispatch import Signal

# enterprise: Enterprise, before: User | None, after: User, by: User, reason: str
officer_changed = Signal()
# unit: Unit, before: User, after: User, by: User, reason: str; after the officer_changed of each
# enterprise, for what the former officer had beside them. Receivers return what they moved.
everything_handed_over = Signal()
# enterprises: Sequence[Enterprise], by: User | None; their stage is written as closed down, and
# the places of their officers are ended.
closed_down = Signal()
