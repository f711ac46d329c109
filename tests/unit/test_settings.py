"""Settings work without any, the environment wins over the file, and every fault is named."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from thinktwice.errors import InputError
from thinktwice.records.installation import Installation
from thinktwice.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def _clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("THINKTWICE_")]:
        monkeypatch.delenv(name)


def test_the_defaults_are_pinned() -> None:
    """Without any configuration these are the values."""
    values = load_settings().model_dump(mode="json")
    assert values == {
        "data": "thinktwice-data",
        "operator_name": "ThinkTwice",
        "reporting_currency": "USD",
        "campaigns_dir": None,
        "contacts_dir": None,
        "legal_bases_dir": None,
        "case_sources_dir": None,
        "malware_scan_command": [],
        "malware_scan_seconds": 120,
        "feeds_file": None,
        "partners_dir": None,
        "global_holdout": "0",
        "alert_budget": None,
        "alert_budget_days": 30,
        "key_file": None,
        "known_bad_intervention": "confirm",
        "established_after_days": 30,
        "lookalike_false_alarms_per_10_000": 1,
        "minimum_anchor_deposit": "10",
        "attributes": {},
        "network_aliases": {},
        "public_url": "http://127.0.0.1:8080/",
        "appeal_url": None,
        "webhook_url": None,
        "allowed_hosts": ["127.0.0.1", "localhost", "[::1]"],
        "embedding_origins": [],
        "is_behind_proxy": False,
        "browser_requests_per_minute": 120,
        "api_host": "127.0.0.1",
        "api_port": 8080,
        "console_port": 8081,
        "portal_port": 8082,
        "demo_port": 8090,
        "log_level": "info",
        "console_url": "http://localhost:8081/",
        "portal_url": "http://localhost:8082/",
        "oidc_issuer": None,
        "oidc_client_id": "",
        "oidc_client_secret_file": None,
        "oidc_second_factor_amr": [],
        "audit_checkpoint_file": None,
        "audit_checkpoint_url": None,
        "audit_checkpoint_minutes": 60,
    }


def test_the_defaults_are_those_of_the_installation() -> None:
    """What the pure code assumes without settings is what settings say by default."""
    settings, pure = load_settings(), Installation()
    for name in (
        "reporting_currency",
        "known_bad_intervention",
        "established_after_days",
        "lookalike_false_alarms_per_10_000",
        "minimum_anchor_deposit",
    ):
        assert getattr(settings, name) == getattr(pure, name)


def test_every_setting_is_described() -> None:
    """No setting exists without a sentence saying what it does."""
    assert all(field.description for field in Settings.model_fields.values())


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable overrides the file; the file overrides the default; an argument overrides both."""
    (tmp_path / "thinktwice.toml").write_text(
        'operator_name = "File"\nreporting_currency = "EUR"\nminimum_anchor_deposit = "2.5"\n'
        '[attributes]\nvip = "boolean"\n'
    )
    monkeypatch.setenv("THINKTWICE_OPERATOR_NAME", "Environment")
    monkeypatch.setenv("THINKTWICE_NETWORK_ALIASES", '{"OUR-TRON": "tron"}')
    settings = load_settings(api_port=0)
    assert settings.operator_name == "Environment"
    assert settings.reporting_currency == "EUR"
    assert settings.minimum_anchor_deposit == Decimal("2.5")
    assert settings.attributes == {"vip": "boolean"}
    assert settings.network_aliases == {"OUR-TRON": "tron"}
    assert settings.api_port == 0


def test_another_file_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By argument or by THINKTWICE_CONFIG; a named file that is missing is refused."""
    file = tmp_path / "other.toml"
    file.write_text('operator_name = "Other"\n')
    assert load_settings(file).operator_name == "Other"
    monkeypatch.setenv("THINKTWICE_CONFIG", str(file))
    assert load_settings().operator_name == "Other"
    monkeypatch.setenv("THINKTWICE_CONFIG", str(tmp_path / "absent.toml"))
    with pytest.raises(InputError, match="no such settings file"):
        load_settings()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('operator_nmae = "x"', "operator_nmae"),
        ('reporting_currency = "usd"', "reporting_currency"),
        ("established_after_days = 0", "established_after_days"),
        ('known_bad_intervention = "proceed"', "known_bad_intervention"),
        ('[attributes]\nvip = "float"', "attributes.vip"),
        ('public_url = "javascript:alert(1)"', "public_url"),
        ("minimum_anchor_deposit = -1", "minimum_anchor_deposit"),
        ("not toml", None),
    ],
)
def test_an_unusable_file_is_refused_by_field(tmp_path: Path, text: str, field: str | None) -> None:
    """The fault names the setting and the file."""
    (tmp_path / "thinktwice.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        load_settings()
    assert caught.value.faults[0].field == field
    assert caught.value.faults[0].where == "thinktwice.toml"


def test_a_fault_of_the_environment_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader learns which variable to change."""
    monkeypatch.setenv("THINKTWICE_API_PORT", "99999")
    with pytest.raises(InputError) as caught:
        load_settings()
    assert caught.value.faults[0].where == "THINKTWICE_API_PORT"


def test_a_variable_that_is_no_json_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Maps come as JSON; anything else is a fault, not a crash."""
    monkeypatch.setenv("THINKTWICE_ATTRIBUTES", "vip=boolean")
    with pytest.raises(InputError, match="attributes"):
        load_settings()


@pytest.mark.parametrize(
    ("origin", "is_taken"),
    [
        ("https://app.harbour.example", True),
        ("http://127.0.0.1:9000", True),
        ("null", True),
        ("*", False),
        ("https://*.harbour.example", False),
        ("https://app.harbour.example/", False),
        ("app.harbour.example", False),
    ],
)
def test_an_embedding_origin_is_exactly_one(origin: str, is_taken: bool) -> None:
    """No wildcard, no path: who may call the alerts' JSON is named one by one."""
    if is_taken:
        assert load_settings(embedding_origins=[origin]).embedding_origins == (origin,)
    else:
        with pytest.raises(InputError):
            load_settings(embedding_origins=[origin])
