"""What makes evidence, from settings: beside a running service, or without one.

Invariant: reads only; the process that writes the journal is never disturbed.
"""

from __future__ import annotations

from thinktwice.bootstrap.choices import Campaigns
from thinktwice.bootstrap.in_force import CampaignsInForce
from thinktwice.campaigns.archive import VersionArchive
from thinktwice.evidence.service import EvidenceService
from thinktwice.journal.seam import JournalReader
from thinktwice.keyring.keys import Keyring
from thinktwice.records.installation import Installation
from thinktwice.storage.layout import DataFolder


def evidence_service(
    folder: DataFolder,
    reader: JournalReader,
    *,
    keyring: Keyring,
    installation: Installation,
    campaigns: Campaigns | CampaignsInForce,
    operator: str,
) -> EvidenceService:
    """Return what makes evidence about the decisions of one data folder."""
    return EvidenceService(
        reader=reader,
        archive=VersionArchive(folder.control),
        control=folder.control,
        keyring=keyring,
        installation=installation,
        live=lambda: campaigns.live,
        policies=lambda: campaigns.library.policies,
        operator=operator,
    )
