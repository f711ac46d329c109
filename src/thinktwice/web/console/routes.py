"""Areas of the console.

**To add a page area** (say ``interventions``):

1. ``web/console/interventions/__init__.py`` with a docstring, and ``pages.py``::

       AREA = Area("thinktwice.web.console.interventions", needs=(HoldDesk,), says={"noted": _("The note is kept.")})

       @AREA.page("GET", "/interventions", permission="read_interventions")
       def queue(visit: Visit) -> Response:
           return visit.show("queue.html", title=_("Interventions"), holds=visit.desk(HoldDesk).queue())

       @AREA.page("POST", "/interventions/{hold_id}/notes", permission="work_intervention")
       def note(visit: Visit) -> Response:
           visit.desk(HoldDesk).note(visit.actor, visit.path("hold_id"), visit.form.text("note"))
           return visit.go(f"/interventions/{visit.path('hold_id')}", said="noted")

   ``_`` is ``thinktwice.web.edge.words.mark``; ``Visit`` is in ``thinktwice.web.edge.signed_in``. Pages are plain
   functions and run in a thread, so they may read databases. A form has been bounded, checked for forgery and read
   before the function runs. An act in ``DANGEROUS`` asks for a fresh second factor by itself; give ``is_fresh=True`` to
   the page with its form too, so that nobody fills it in vain. Large or uploading forms pass
   ``limits=FormLimits(...)``.
2. ``templates/*.html`` beside it, extending ``layout.html``; take fields, error summary, tables, empty state and
   confirmation from ``parts.html``. Every form holds ``{{ form_token() }}``.
3. One line in ``areas.py``, one in ``navigation.py``, and the desk in ``bootstrap/console_desks.py``.
4. ``scripts/words.py`` collects the texts; translate the new ones in ``locale/zh_Hant/LC_MESSAGES/console.po``. A test
   fails until that is done.
5. Tests: the walk over routes × roles finds the pages by itself (``tests/security/console``); add the area's own claims
   in ``tests/unit/web_console`` and its paths to the browser's tour (``tests/browser/console/test_tour.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

from thinktwice.people.permissions import Realm
from thinktwice.web.edge.signed_in import routes


@dataclass(slots=True)
class Area(routes.Area):
    """An area for staff."""

    realm: Realm | None = "console"
