"""Two imports at once, and an edit while a list goes in: nothing twice, nothing lost."""

import threading
import time
from collections import Counter

import pytest
from django.db import connection, transaction

from enterprises.actions import edit_enterprise
from enterprises.actions.importing import import_list
from enterprises.importing.planning import counts_of
from enterprises.models import Contact, Enterprise, StageChange
from tests import factories as make
from tests.enterprises.importing.lists import as_csv

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
MANY, AT_ONCE = 300, 4


def test_the_same_list_loaded_several_times_at_once_goes_in_once():
    unit = make.StationFactory()
    rows = [[f"示例厂{n}", f"示例路{n}号", "示例张"] for n in range(MANY)]
    content = as_csv(rows, ["企业名称", "地址", "联系人"])
    gate, told = threading.Barrier(AT_ONCE), Counter()

    def load():
        gate.wait(20)
        # Counted where all went well: an error ends the thread, and its rows are missing below.
        told.update(counts_of(import_list(unit, content, "list.csv", by=None)))
        connection.close()

    threads = [threading.Thread(target=load) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert +told == {"created": MANY, "unchanged": MANY * (AT_ONCE - 1)}
    assert Enterprise.objects.filter(unit=unit).count() == MANY
    assert Contact.objects.filter(enterprise__unit=unit).count() == MANY
    assert StageChange.objects.filter(enterprise__unit=unit).count() == MANY


def test_an_edit_that_is_under_way_is_waited_for_and_kept():
    desk = make.DeskFactory()
    enterprise = make.EnterpriseFactory(unit=desk.unit, name="示例厂", address="")
    written = threading.Event()

    def edit():
        with transaction.atomic():
            edit_enterprise(enterprise, {"industry": "另一行业"}, by=desk, version=1)
            written.set()
            time.sleep(1)
        connection.close()

    editor = threading.Thread(target=edit)
    editor.start()
    assert written.wait(20)
    content = as_csv([["示例厂", "200"]], ["企业名称", "员工数"])
    import_list(desk.unit, content, "list.csv", by=desk)
    editor.join(20)
    enterprise.refresh_from_db()
    assert (enterprise.industry, enterprise.headcount) == ("另一行业", 200)
    assert enterprise.version == 3
