"""The packs and contacts that come with ThinkTwice keep every rule for words, numbers and reach."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from tests.support.packs import TODAY, read, said, shipped_registry
from tests.support.shared_data import shared_data
from thinktwice.campaigns.library import load_library, shipped_packs
from thinktwice.campaigns.message import DESTINATION_VARIANTS, LOOKALIKE_VARIANTS, Message, fill
from thinktwice.campaigns.pack import GENERIC_PACK, LOOKALIKE_PACK, Pack
from thinktwice.contacts.loading import shipped_contacts
from thinktwice.records.catalogue import CATALOGUE

LIBRARY = load_library(shipped_packs(), shipped_contacts(), TODAY, CATALOGUE, currency="USD")
PACKS = sorted(LIBRARY.packs)
HK = "hk-joint-anti-scam"
TAKEOVER = "account-takeover"


def messages() -> Iterator[tuple[Pack, Message]]:
    for pack in LIBRARY.packs.values():
        for message in pack.messages.values():
            yield pack, message


EVERYWHERE = {"ar", "en", "ms", "pt", "zh-Hans", "zh-Hant"}
LANGUAGES = {
    HK: {"en", "zh-Hant"},
    "mo-anti-scam": {"en", "pt", "zh-Hant"},
    "sg-anti-scam": {"en", "ms", "zh-Hans"},
    "gb-anti-scam": {"en"},
    "ae-anti-scam": {"ar", "en"},
    GENERIC_PACK: EVERYWHERE,
    LOOKALIKE_PACK: EVERYWHERE - {"ar"},
    TAKEOVER: EVERYWHERE - {"ar"},
}
"""By pack the languages without which it is not shipped; more are welcome."""


def test_these_packs_are_shipped() -> None:
    """Five jurisdictions have a campaign in their main languages; what speaks everywhere speaks all of them."""
    assert sorted(LANGUAGES) == PACKS
    for name, languages in LANGUAGES.items():
        assert set(LIBRARY.packs[name].messages) >= languages, name


def test_no_shipped_campaign_claims_an_approval() -> None:
    """Each jurisdiction's campaign says to staff that no authority approved it; only Hong Kong's names a partner."""
    for pack in LIBRARY.packs.values():
        if pack.jurisdictions != ("*",):
            assert "not approved by any authority" in pack.title, pack.id
    assert {pack.id for pack in LIBRARY.packs.values() if pack.partners} == {HK}


@pytest.mark.parametrize("name", ["mo-anti-scam", "sg-anti-scam", "gb-anti-scam", "ae-anti-scam"])
def test_a_jurisdictions_campaign_is_as_whole_as_the_pilots(name: str) -> None:
    """Reach, rung, journeys, hold and cap are those of Hong Kong; the kinds of scam are the jurisdiction's own."""
    pack, pilot = LIBRARY.packs[name], LIBRARY.packs[HK]
    assert pack.audience.text == pilot.audience.text
    assert (pack.intervention, pack.no_screen, pack.priority) == ("confirm", "hold", pilot.priority)
    assert dict(pack.arms) == dict(pilot.arms)
    assert pack.release.hold == pilot.release.hold
    assert pack.release.frequency_cap == pilot.release.frequency_cap
    assert len(pack.typologies) >= 6
    assert pack.release.holdout == Decimal(0)


@pytest.mark.parametrize("name", PACKS)
def test_a_shipped_pack_has_only_the_warnings_that_are_true_of_it(name: str) -> None:
    """The open points are a native reader's review, a partner's approval, and facts that the operator has to send."""
    reading = read(shipped_packs() / name, currency="USD")
    assert reading.faults == ()
    open_points = [w for w in reading.warnings if "native reader" not in w.message and "badge" not in w.message]
    if name == TAKEOVER:  # what is not sent cannot look like a takeover
        facts = ("hours_since_credentials_change", "is_new_device", "balance_ratio")
        needed = [f"where {fact} is missing nobody is reached" for fact in facts]
        open_points = [w for w in open_points if not w.message.startswith(tuple(needed))]
    assert said(open_points) == ""


def test_every_locale_says_the_same_things() -> None:
    """Languages of a pack have the same stories, signs, tips, questions and answers."""
    for pack in LIBRARY.packs.values():
        shapes = {
            locale: (
                tuple((name, len(text.signs)) for name, text in message.stories.items()),
                tuple(message.this_withdrawal),
                len(message.tips),
                tuple((question.id, tuple(name for name, _ in question.options)) for question in message.questions),
            )
            for locale, message in pack.messages.items()
        }
        assert len(set(shapes.values())) == 1, pack.id


def test_the_first_screen_has_the_words_of_the_guidance() -> None:
    """The words that the guidance gives for Hong Kong are used as they are, in both languages."""
    english, chinese = (LIBRARY.packs[HK].messages[locale] for locale in ("en", "zh-Hant"))
    values: dict[str, str | None] = {"amount": "12,000", "asset": "USDT"}
    assert english.headline == "Check before you send"
    assert fill(english.this_withdrawal["first_time"], values) == (
        "You are sending 12,000 USDT to an address you have not paid before. It cannot be reversed."
    )
    assert chinese.headline == "轉出前，先核實"
    assert fill(chinese.this_withdrawal["first_time"], values) == (
        "你正將 12,000 USDT 轉往一個你從未付款的地址，轉出後無法取回。"
    )
    assert (english.safe_action, chinese.safe_action) == ("Keep my money here", "暫不轉出")


@pytest.mark.parametrize("jurisdiction", sorted(LIBRARY.contacts.by_jurisdiction))
@pytest.mark.parametrize("locale", sorted(EVERYWHERE))
def test_help_reads_well_everywhere(jurisdiction: str, locale: str) -> None:
    """With any shipped contact, with hours or without, no brace, bracket or empty pair of signs is left."""
    contact = LIBRARY.contacts.to_call(jurisdiction, TODAY)
    for pack in LIBRARY.packs.values():
        message = pack.messages.get(locale)
        if message is None:
            continue
        text = message.help_without_contact
        if contact is not None and contact.phone is not None:
            hours = contact.hours_in(locale)
            values = {
                "contact_name": contact.name_in(locale),
                "contact_phone": contact.phone,
                "contact_hours": hours,
            }
            text = fill(message.help_with_contact, values)
            assert contact.phone in text
        assert not re.search(r"[\[\]{}]|（）|, \.| ,|None", text)


def test_without_a_verified_contact_no_number_is_said() -> None:
    """The words for jurisdictions without a contact hold no digit at all."""
    for _, message in messages():
        assert not re.search(r"[0-9０-９]", message.help_without_contact)


def test_no_message_holds_a_number_of_its_own() -> None:
    """Phone numbers and amounts come from the registry and the withdrawal, never from the words."""
    for _, message in messages():
        for text in (message.self_check, message.second_step, message.cancelled, message.continued, *message.tips):
            assert not re.search(r"[0-9]", text)


def test_variants_fit_the_kind_of_pack() -> None:
    """The look-alike pack tells how the imitated address is known and no story; the others tell stories."""
    for pack, message in messages():
        expected = LOOKALIKE_VARIANTS if pack.is_lookalike else DESTINATION_VARIANTS
        assert tuple(message.this_withdrawal) == expected
        assert bool(message.stories) != pack.is_lookalike
        assert bool(message.typing_prompt) == pack.is_lookalike


def test_a_notice_is_one_sentence_about_this_withdrawal() -> None:
    """What goes out without a screen names amount and destination and fits a short message."""
    for _, message in messages():
        for name in ("amount", "asset", "destination"):
            assert f"{{{name}}}" in message.notice
        assert "\n" not in message.notice


def test_nobody_claims_the_police_wrote_it() -> None:
    """Every pack says that its words were not issued by the police."""
    for _, message in messages():
        denials = (
            "not issued by the police",
            "並非由警方發出",
            "并非由警方发出",
            "não foi emitida pela polícia",
            "não foi emitido pela polícia",
            "tidak dikeluarkan oleh polis",
            "لم تصدر عن الشرطة",
        )
        assert any(denial in message.attribution for denial in denials)


def test_a_story_is_two_sentences() -> None:
    """The story on the first screen stays within two sentences in English."""
    for _, message in messages():
        if message.locale == "en":
            for name, text in message.stories.items():
                assert len(re.findall(r"[.!?](?:\s|$)", text.story)) == 2, name


def test_chinese_keeps_to_its_script() -> None:
    """No letter that only the other script uses has slipped into Traditional or Simplified Chinese."""
    simplified = set("转账户骗报资们这说时间电话网页务经济员给对发号码关银钱实认证请与个为从还进")
    traditional = set("轉賬戶騙報資們這說時間電話網頁務經濟員給對發號碼關銀錢實認證請與個為從還進")
    for pack, message in messages():
        foreign = {"zh-Hant": simplified - {"户"}, "zh-Hans": traditional}.get(message.locale, set())
        assert not foreign & set(str(message)), pack.id


def test_one_address_a_language() -> None:
    """Simplified Chinese says 您 throughout and Traditional Chinese 你, so that no text mixes two tones."""
    for pack, message in messages():
        other = {"zh-Hans": "你", "zh-Hant": "您"}.get(message.locale)
        found = (
            [] if other is None else [part for part in str(message).split("。") if other in part.replace("你们", "")]
        )
        assert found == [], pack.id


def test_reach_and_release_are_those_of_the_design() -> None:
    """Look-alikes come first and are never held out or capped; the generic pack has no partner and no holdout."""
    look, generic, hong_kong = (LIBRARY.packs[name] for name in (LOOKALIKE_PACK, GENERIC_PACK, HK))
    assert look.priority > hong_kong.priority > generic.priority
    assert look.release.holdout == generic.release.holdout == Decimal(0)
    assert look.release.frequency_cap is None
    assert generic.partners == look.partners == ()
    assert look.jurisdictions == generic.jurisdictions == ("*",)
    assert look.no_screen == "hold"
    assert look.release.hold is not None
    assert hong_kong.release.holdout == Decimal("0.10")


UNSOURCED = (
    "Securities and Commodities|الأوراق المالية والسلع|Virtual Assets Regulatory|الأصول الافتراضية|Financial Conduct"
    "|Monetary Authority|Autoridade Monetária|金融管理局|Penguasa Kewangan"
)
STILTED = "تُستدعى|dipanggil balik|Penipuan biasa"


def test_no_authority_is_named_without_a_source_and_no_word_is_stilted() -> None:
    """Only names that the compiled tables hold a source for; and wordings that native readers do not stumble over."""
    for path in shipped_packs().parent.rglob("*.md"):
        if path.name != "README.md":
            assert re.findall(f"{UNSOURCED}|{STILTED}", path.read_text("utf-8")) == [], path


def test_every_row_of_the_table_of_contacts_is_kept() -> None:
    """Each phone and jurisdiction of the compiled table is in the registry, verified only when official."""
    with shared_data("reference/scam_reporting_contacts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    registry = shipped_registry().by_jurisdiction
    assert set(registry) == {row["iso2"] for row in rows}
    assert sum(map(len, registry.values())) == sum(1 for row in rows if row["organisation"])
    for row in rows:
        if row["channel"] == "phone":
            (contact,) = (one for one in registry[row["iso2"]] if one.phone == row["contact"])
            assert contact.source_quality == row["source_quality"]
            assert contact.source == row["source_url"]
            assert contact.purpose == row["purpose"]


def test_only_official_contacts_are_shown_and_none_after_its_expiry() -> None:
    """Secondary, press and unverified rows wait for a re-check; half a year later nothing is shown."""
    for code in LIBRARY.contacts.by_jurisdiction:
        assert all(one.source_quality == "official" for one in LIBRARY.contacts.for_jurisdiction(code, TODAY))
        assert LIBRARY.contacts.for_jurisdiction(code, date(2027, 5, 1)) == ()


@pytest.mark.parametrize("code", ["DE", "IT", "IE", "BE", "PT", "SE", "ZA", "MX", "NG", "FR", "IN", "TW", "KR", "ZZ"])
def test_a_jurisdiction_without_a_verified_contact_has_no_number(code: str) -> None:
    """Where nothing official was confirmed there is nobody to name."""
    assert LIBRARY.contacts.to_call(code, TODAY) is None


def test_hong_kong_is_told_to_call_18222() -> None:
    """Advice comes first, by its own name in each language."""
    contact = LIBRARY.contacts.to_call("HK", TODAY)
    assert contact is not None
    assert (contact.phone, contact.name_in("zh-Hant")) == ("18222", "防騙易熱線")
