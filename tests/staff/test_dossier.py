"""An enterprise's page says what is known, in the reader's language."""

import pytest
from django.conf import settings as site
from django.test import Client

from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "有无—"), ("en", ["yes", "no", "—"])])
def test_whether_there_is_a_night_shift(language, words):
    enterprise = make.AssignedEnterpriseFactory()
    client = Client()
    client.force_login(make.DeskFactory(unit=enterprise.unit))
    client.cookies[site.LANGUAGE_COOKIE_NAME] = language
    for known, word in zip((True, False, None), words, strict=True):
        enterprise.night_shift = known
        enterprise.save()
        page = client.get(f"/enterprises/{enterprise.pk}/").content.decode()
        heading = "夜班" if language == "zh-hans" else "Night shift"
        after = page.partition(f"<dt>{heading}</dt>")[2]
        assert after.partition("</dd>")[0].strip() == f"<dd>{word}"
