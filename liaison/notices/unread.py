"""How many notices somebody has not read, as a frame shows it."""

from liaison.accounts.models import User
from liaison.notices.models import Notice

SHOWN = 99


def unread_by(user: User) -> str:
    """ "" for none; counting ends where it tells nothing more ("99+")."""
    found = Notice.objects.visible_to(user).unread()[: SHOWN + 1].count()
    return f"{SHOWN}+" if found > SHOWN else str(found or "")
