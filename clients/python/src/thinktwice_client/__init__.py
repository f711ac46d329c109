"""ThinkTwice for the operator's server: ask before a withdrawal is queued, and again before money leaves."""

from thinktwice_client.async_client import AsyncClient
from thinktwice_client.errors import ClientError, Fault, InvalidInputError, RejectedError, StoreError
from thinktwice_client.file_store import FileStore
from thinktwice_client.options import Options
from thinktwice_client.records import Alert, Clearance, Decision, Delivery, GenericAlert, Hold
from thinktwice_client.store import MemoryStore, Queued, Store, Word
from thinktwice_client.sync_client import Client
from thinktwice_client.tiers import Tier, Tiers

__all__ = [
    "Alert",
    "AsyncClient",
    "Clearance",
    "Client",
    "ClientError",
    "Decision",
    "Delivery",
    "Fault",
    "FileStore",
    "GenericAlert",
    "Hold",
    "InvalidInputError",
    "MemoryStore",
    "Options",
    "Queued",
    "RejectedError",
    "Store",
    "StoreError",
    "Tier",
    "Tiers",
    "Word",
]
