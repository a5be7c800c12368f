"""What a person may choose as a password."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from liaison.accounts.models import FormerPassword
from tests import factories as make


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("Tr3nch-9", True),
        ("qorvex7Z", True),
        ("qorvex7-", True),
        ("QORVEX7-", True),
        ("qorvexz7", False),
        ("qorvexzzkmnop", False),
        ("QORVEXZ-", False),
        ("qorvexzzkmnopw", True),
        ("桥qorvex7", True),
        ("Qv7-xyz", False),
        ("73920184650017", False),
        ("Password1", False),
    ],
)
def test_eight_of_three_classes_or_long(password, good):
    if good:
        validate_password(password)
    else:
        with pytest.raises(ValidationError):
            validate_password(password)


def own(n):
    return f"Qorvex-number-{n}"


@pytest.mark.django_db
def test_the_last_five_are_not_chosen_again():
    officer = make.OfficerFactory()
    client = Client()
    client.force_login(officer)

    def change(old, new):
        given = {"old_password": old, "new_password1": new, "new_password2": new}
        return client.post(reverse("password_change"), given).status_code == 302

    assert not change(make.PASSWORD, make.PASSWORD)
    assert change(make.PASSWORD, own(1))
    for n in range(2, 6):
        assert not change(own(n - 1), own(1))
        assert change(own(n - 1), own(n))
    assert not change(own(5), own(1))
    assert change(own(5), own(6))
    assert change(own(6), own(1))
    assert FormerPassword.objects.filter(user=officer).count() == 5


@pytest.mark.django_db
def test_anothers_password_may_be_chosen():
    make.OfficerFactory(password=own(1))
    validate_password(own(1), make.OfficerFactory())
