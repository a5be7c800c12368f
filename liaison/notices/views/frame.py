"""Around which page the notices stand: staff and contacts read them in frames of their own."""

from liaison.accounts.models import User


def frame_of(user: User) -> str:
    return "notices/contact_frame.html" if user.is_contact else "staff/frame.html"
