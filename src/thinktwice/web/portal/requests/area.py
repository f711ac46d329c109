"""The area that the modules about requests declare their pages in."""

from __future__ import annotations

from typing import Final

from thinktwice.cases.agencies import Agencies
from thinktwice.cases.deconfliction import Deconfliction
from thinktwice.cases.desk import CaseDesk
from thinktwice.cases.filing import CaseFiling
from thinktwice.cases.legal_basis import LegalBases
from thinktwice.cases.templates import Templates
from thinktwice.cases.wordings import Wordings
from thinktwice.web.edge.words import mark as _
from thinktwice.web.portal.routes import Area

AREA: Final = Area(
    "thinktwice.web.portal.requests",
    needs=(CaseDesk, CaseFiling, Agencies, LegalBases, Wordings, Deconfliction, Templates),
    says={
        "draft-begun": _("The draft is begun. It is kept for 30 days."),
        "draft-saved": _("The draft is saved."),
        "request-submitted": _(
            "The request is submitted. Your supervisor is told of it, and so are your agency's administrators."
        ),
        "answered": _("The answer is sent. The review goes on."),
        "withdrawn": _("The request is withdrawn."),
        "closed": _("The request is closed."),
        "message-sent": _("The message is sent."),
        "words-proposed": _("The words are proposed. Nobody reads them before they are approved."),
        "words-approved": _("The words are approved."),
        "words-withdrawn": _("The approval is withdrawn. No customer is told with these words."),
        "contact-agreed": _("Your agency agreed."),
        "contact-ended": _("The agreement is taken back."),
        "template-kept": _("The template is kept."),
        "template-removed": _("The template is removed."),
        "file-kept": _("The file is kept, encrypted."),
    },
)
