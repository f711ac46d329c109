"""While the service runs, checkpoints are made and reach the server that keeps them."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.chains import PUBLIC, SEAL
from tests.support.receiver import Receiver
from thinktwice.audit.checkpoint import is_signed, read_line, write_line
from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.audit.reading import AuditReader
from thinktwice.bootstrap import witnessing as module
from thinktwice.bootstrap.witnessing import WebhookWitness, Witnesses, witnesses_of, witnessing
from thinktwice.errors import InputError
from thinktwice.keyring.keys import TEST_KEYRING, Key
from thinktwice.outbox.endpoint import Endpoint
from thinktwice.settings import load_settings
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate

SECRET = bytes(range(32))


def test_a_checkpoint_reaches_the_server_that_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed as a webhook and in itself, under one id, and what arrives is what the file holds."""
    monkeypatch.setattr(module, "POLL_SECONDS", 0.05)
    migrate(tmp_path)
    folder = DataFolder(tmp_path)
    with closing(Receiver(SECRET)) as receiver, closing(Ledger(folder.control)) as ledger:
        witness = WebhookWitness(Endpoint(receiver.url, (Key("webhook-1", SECRET),)))
        file = witnesses_of(load_settings(), TEST_KEYRING, folder).file
        with ledger.act(Actor("system", "tests"), "test.act", "thing", "1"):
            pass
        with witnessing(folder.control, SEAL, Witnesses(file=file, webhook=witness), timedelta(0)):
            receiver.wait_for(lambda r: r.effects)
        ((message_id, body),) = receiver.effects.items()
        kept = AuditReader(ledger).checkpoints()[0]
    checkpoint = read_line(folder.checkpoints.read_bytes())
    assert body["type"] == "audit.checkpoint"
    assert message_id.startswith("chk_")
    assert message_id.endswith("_1")
    assert read_line(write_line(checkpoint)) == checkpoint == kept.checkpoint
    assert is_signed(checkpoint, [PUBLIC])
    assert body["data"]["statement"]["head"] == checkpoint.statement.head


def test_a_witness_without_a_key_or_over_a_plain_line_is_refused(tmp_path: Path) -> None:
    """Before anything is sent."""
    for url in ("http://example.org/", "https://example.org/"):
        with pytest.raises(InputError):
            witnesses_of(
                load_settings(audit_checkpoint_url=url),
                TEST_KEYRING.__class__(ref=SEAL, assign=SEAL, token=(SEAL,), is_test=False),
                DataFolder(tmp_path),
            )
