"""Around which page the notices stand: staff and contacts read them in frames of their own."""

from liaison.accounts.models import User


def frame_of(user: User) -> str:
    return "portal/frame.html" if user.is_contact else "staff/frame.html"
