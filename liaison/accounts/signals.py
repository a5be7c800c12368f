"""What happens to people's accounts, told to the apps above."""

from django.dispatch import Signal

# user: User, whose password was changed by themselves
password_changed = Signal()

# user: User, by: User | None. Sent inside the transaction before the account is closed or moved to
# another unit; a receiver that raises Refused stops it.
person_leaving = Signal()
# user: User, by: User | None, deed: str ("added", "edited", "closed", "opened", "password_reset",
# "email_changed", "feed_link_made", "feed_link_revoked")
person_changed = Signal()

# subject: Model, unit: Unit, by: User, action: str, changes: dict without secrets. What an
# administrator keeps for a unit was added or changed, in an app that stands beside the record.
settings_changed = Signal()
