"""What an operator decides: read once at start from the environment and from ``thinktwice.toml``.

Invariants: every field has a default that works, so that nothing must be configured to try ThinkTwice; secrets are
not settings (keys come from a key file or ``THINKTWICE_KEY_*``); the environment wins over the file; an unknown
name in the file is refused, because a mistyped setting is a setting that silently does nothing. Only
``bootstrap`` reads settings.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, HttpUrl, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from thinktwice.errors import Fault, InputError

ENVIRONMENT_PREFIX: Final = "THINKTWICE_"
DEFAULT_FILE: Final = Path("thinktwice.toml")

AttributeType = Literal["boolean", "integer", "amount", "money", "ratio", "text", "texts"]
AttributeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Origin = Annotated[str, Field(pattern=r"^(null|https?://[^\s/*?#@]+)$")]
"""Scheme, host and port, matched exactly; ``null`` is that of sandboxed frames. No wildcard."""

Port = Annotated[int, Field(ge=0, le=65535)]


class Settings(BaseSettings):
    """All settings; the environment variable of a field is ``THINKTWICE_`` and its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX, extra="forbid", frozen=True, env_ignore_empty=True, toml_file=DEFAULT_FILE
    )

    data: Path = Field(Path("thinktwice-data"), description="Folder of the databases and the watchlist.")
    operator_name: str = Field(
        "ThinkTwice", min_length=1, max_length=80, description="The operator's name as customers know it."
    )
    reporting_currency: str = Field(
        "USD", pattern=r"^[A-Z]{3}$", description="ISO 4217 currency of every fiat amount; others are refused."
    )
    campaigns_dir: Path | None = Field(None, description="Folder of campaign packs; unset: the packs shipped with us.")
    contacts_dir: Path | None = Field(None, description="Folder of contact files; unset: the contacts shipped with us.")
    legal_bases_dir: Path | None = Field(
        None, description="Folder of the legal-basis tables of each country; unset: the example shipped with us."
    )
    case_sources_dir: Path | None = Field(
        None,
        description="Folder in which the operator's systems leave prepared customer data for approved requests, one "
        "folder a request with one CSV file a category; unset: staff upload every portion.",
    )
    malware_scan_command: tuple[str, ...] = Field(
        (),
        description="Command that scans each file of a request for malware: the file comes on its standard input, exit "
        "code 0 means clean, 1 malware, anything else that the file is not kept; a JSON list such as "
        '["clamdscan", "--no-summary", "-"]. Unset: nothing is scanned, and every file says so.',
    )
    malware_scan_seconds: int = Field(
        120, ge=1, le=3600, description="Seconds that malware_scan_command has for one file before it is ended."
    )
    partners_dir: Path | None = Field(
        None,
        description="Folder of partners.yaml with partners' names, logos and pinned keys; unset: no badge is shown.",
    )
    feeds_file: Path | None = Field(
        None,
        description="TOML file of the lists that the console imports by itself, each from a file or folder of this "
        "machine; unset: lists are imported by people only.",
    )
    global_holdout: Decimal = Field(
        Decimal(0),
        ge=0,
        le=Decimal("0.5"),
        description="Share of customers who see no campaign, to measure all of them.",
    )
    alert_budget: int | None = Field(
        None, ge=1, le=1000, description="Most triggers of one customer over all campaigns within alert_budget_days."
    )
    alert_budget_days: int = Field(30, ge=1, le=90, description="Days over which alert_budget counts.")
    key_file: Path | None = Field(None, description="Key file; unset: keys come from THINKTWICE_KEY_* variables.")
    known_bad_intervention: Literal["inform", "confirm", "ask", "hold", "refer"] = Field(
        "confirm", description="Least rung for a known-bad destination."
    )
    established_after_days: int = Field(
        30, ge=1, le=3650, description="Days from the first completed withdrawal to an established destination."
    )
    lookalike_false_alarms_per_10_000: int = Field(
        1, ge=1, le=100, description="Budget of false lookalike alarms per 10,000 withdrawals."
    )
    minimum_anchor_deposit: Decimal = Field(
        Decimal(10), ge=0, description="Least deposit, in the reporting currency, whose sender can be imitated."
    )
    attributes: dict[AttributeName, AttributeType] = Field(
        default_factory=dict, description="Attributes the operator sends with withdrawals, by name and type."
    )
    network_aliases: dict[str, str] = Field(
        default_factory=dict, description="The operator's own names of networks, each with its canonical name."
    )
    public_url: HttpUrl = Field(
        HttpUrl("http://127.0.0.1:8080"), description="Where customers' browsers reach the alert pages."
    )
    console_url: HttpUrl = Field(
        HttpUrl("http://localhost:8081"),
        description="Where browsers of staff reach the console: https, or http to this machine. Its host is the domain "
        "of their passkeys, which works for names only, not for addresses such as 127.0.0.1.",
    )
    portal_url: HttpUrl = Field(
        HttpUrl("http://localhost:8082"),
        description="Where browsers of agencies' officers reach the portal: https, or http to this machine; a host of "
        "its own, which is the domain of their passkeys.",
    )
    oidc_issuer: str | None = Field(
        None, description="Address of the identity provider (OpenID Connect) that staff may sign in with."
    )
    oidc_client_id: str = Field("", description="What the identity provider calls the console.")
    oidc_client_secret_file: Path | None = Field(
        None, description="File that holds the console's secret at the identity provider; unset: it has none."
    )
    oidc_second_factor_amr: tuple[str, ...] = Field(
        (),
        description="Words in an ID token's `amr` that count as a second factor, such as mfa or hwk; unset: staff give "
        "one to the console as well.",
    )
    appeal_url: HttpUrl | None = Field(None, description="Where a customer appeals against a hold.")
    webhook_url: str | None = Field(
        None,
        description="Where changes of clearance and notices are told: https, or http to this machine. Signed with the "
        "key `webhook`.",
    )
    audit_checkpoint_file: Path | None = Field(
        None,
        description="File that signed checkpoints of the audit chain are appended to; put it where the service may "
        "only append. Unset: audit-checkpoints.jsonl in the data folder, which proves less.",
    )
    audit_checkpoint_url: str | None = Field(
        None,
        description="Where signed checkpoints of the audit chain are sent: https, or http to this machine. Signed with "
        "the key `webhook`.",
    )
    audit_checkpoint_minutes: int = Field(
        60, ge=1, le=1440, description="Minutes between checkpoints of the audit chain, when there are new entries."
    )
    allowed_hosts: tuple[str, ...] = Field(
        ("127.0.0.1", "localhost", "[::1]"),
        description="Host names the service answers to, beside the host of public_url; *.example.org for subdomains.",
    )
    embedding_origins: tuple[Origin, ...] = Field(
        (),
        description="Origins of the operator's pages that show alerts: they may load the element's modules from "
        "/element, call /v1/alerts, and frame the alert page.",
    )
    is_behind_proxy: bool = Field(
        False, description="Whether a proxy of the operator sets X-Forwarded-For, so that it names the browser."
    )
    browser_requests_per_minute: int = Field(
        120, ge=1, description="Requests one browser address may make to customer endpoints in a minute."
    )
    api_host: str = Field("127.0.0.1", description="Address on which the API and the customer pages listen.")
    api_port: Port = Field(8080, description="Port of the API and the customer pages; 0 picks a free one.")
    console_port: Port = Field(8081, description="Port of the staff console.")
    portal_port: Port = Field(8082, description="Port of the agency portal.")
    demo_port: Port = Field(8090, description="Port of the demo exchange.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (the signature is pydantic's; dotenv is not read)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (secrets are not settings)
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(file: Path | None = None, **overrides: Any) -> Settings:
    """Read settings from ``overrides``, the environment and ``file`` (``THINKTWICE_CONFIG``, or ``thinktwice.toml``).

    Raises:
        InputError: A named file is missing or not TOML, or a setting is unknown or unusable; every fault is listed.
    """
    named = file or (Path(path) if (path := os.environ.get("THINKTWICE_CONFIG")) else None)
    chosen = named or DEFAULT_FILE
    if named and not named.is_file():
        raise InputError.of("there is no such settings file", where=str(named))

    class _FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=chosen)

    try:
        return _FromFile(**overrides)
    except tomllib.TOMLDecodeError as error:
        raise InputError.of(f"is not TOML: {error}", where=str(chosen)) from None
    except SettingsError as error:  # a variable that should hold JSON does not
        raise InputError.of(str(error), where="environment") from None
    except ValidationError as error:
        raise InputError(*(_fault(details, chosen) for details in error.errors(include_url=False))) from None


def _fault(details: Mapping[str, Any], file: Path) -> Fault:
    """Say which setting is wrong and where it came from; the value is not repeated."""
    field = ".".join(str(part) for part in details["loc"])
    variable = ENVIRONMENT_PREFIX + str(details["loc"][0] if details["loc"] else "").upper()
    where = variable if variable in os.environ else str(file)
    message = "there is no such setting" if details["type"] == "extra_forbidden" else str(details["msg"])
    return Fault(message, field, where)
