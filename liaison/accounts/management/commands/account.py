"""The account of anybody, also of the administrators whom no other administrator keeps."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from liaison.accounts.models import User
from liaison.accounts.people import close_account, open_account, reset_password
from liaison.core.refused import Refused


class Command(BaseCommand):
    help = "Close or open an account, or make a new first password: account password shenji"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("deed", choices=("close", "open", "password"))
        parser.add_argument("username")

    def handle(self, *args: Any, deed: str, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no {username}.")
        try:
            if deed == "close":
                close_account(user, by=None)
            elif deed == "open":
                open_account(user, by=None)
            else:
                self.stdout.write(f"{username} {reset_password(user, by=None)}")
                self.stderr.write("The password is good for one sign-in and shown only here.")
        except Refused as refused:
            raise CommandError(str(refused)) from refused
