"""What tests/workers/test_killed.py kills."""

from liaison.accounts.models import User
from workers.actions import apply_file
from workers.models import BatchFile


def work(file: str, person: str) -> None:
    """Hand a list in that was looked at."""
    apply_file(
        BatchFile.objects.select_related("batch__enterprise__unit").get(pk=file),
        by=User.objects.get(pk=person),
    )
