"""Route × role, with the real desks: whoever may open a form is never told behind it that their roles do not allow it.

The objects that the forms name are not there, so this sees what a page or a desk asks before it looks for them;
campaigns, whose forms ask most, are sent whole in ``test_campaign_acts_by_role``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.support.console import NOW, Console, open_console
from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.console_desks import Ground, make_desks
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.people.passkeys import RelyingParty
from thinktwice.people.permissions import ROLES, STAFF_ROLES
from thinktwice.people.service import open_people
from thinktwice.settings import load_settings
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.web.console.areas import AREAS
from thinktwice.web.edge.signed_in.routes import all_pages

PAGES = [page for page in all_pages(AREAS) if page.permission is not None]


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    data = tmp_path_factory.mktemp("real")
    settings, folder = load_settings(data=data), DataFolder(data)
    migrate(data)
    with ExitStack() as stack:
        ledger = Ledger(folder.control, lambda: NOW)
        stack.callback(ledger.close)
        people = open_people(
            realm="console",
            control=folder.control,
            ledger=ledger,
            masters=TEST_KEYRING.masters,
            party=RelyingParty("localhost", "tests", ("http://localhost",)),
            clock=lambda: NOW,
        )
        stack.callback(people.close)
        desks = make_desks(Ground(settings, TEST_KEYRING, folder, ledger, people), stack, is_demo=False)
        made = open_console(data, desks=desks, sign_ins_per_minute=100_000)
        stack.callback(made.ledger.close)
        yield made


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_form_asks_for_more_than_its_page_declares(console: Console, page: Any) -> None:
    """Found or not, right or wrong as the form may be: it is no question of roles, and no defect either."""
    path = re.sub(r"\{[^}]*\}", "x1", page.path)
    for role in (role for role in STAFF_ROLES if page.permission in ROLES[role]):
        secret = console.sign_in(role, account_id=f"acc-{role}")
        answer = console.post(path, {}, secret) if page.method == "POST" else console.get(path, secret)
        assert answer.status_code not in {401, 403, 500}, (role, answer.text[-600:])
