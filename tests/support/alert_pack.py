"""Packs, contacts and facts of alerts for tests, with the words of the content guide."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from thinktwice.campaigns.message import Message, Question, TypologyText
from thinktwice.campaigns.pack import LOOKALIKE_PACK, Arm, Pack, Release
from thinktwice.contacts.registry import Contact, Contacts
from thinktwice.records.decision import AlertReference, CustomerFacts, LookalikePair

if TYPE_CHECKING:
    from thinktwice.targeting.audience import Audience

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TYPOLOGIES = ("investment",)

ENGLISH = Message(
    locale="en",
    headline="Check before you send",
    this_withdrawal={
        "first_time": (
            "You are sending {amount} {asset} to an address you have not paid before. It cannot be reversed."
        ),
        "paid_before": "You are sending {amount} {asset} to an address you have paid before. It cannot be reversed.",
    },
    stories={
        "investment": TypologyText(
            story=(
                "A common scam: someone you know only online shows you a trading site. It lets you take out a little, "
                "then asks for more."
            ),
            example=(
                "A retired teacher met “Anna” in a chat group. The site showed large gains and paid out once. When she "
                "asked for the rest, it demanded a tax first."
            ),
            signs=(
                "You met the person **only online**, and they brought up investing.",
                "The first small withdrawal worked; the large one needs a fee or a tax.",
                "Somebody stays on the phone or in a chat while you pay.",
            ),
            preempt="They may tell you that this message is standard and that everyone sees it. Stop and ask someone.",
        )
    },
    self_check="Is anyone guiding you now, or asking you to keep this quiet? Stop here.",
    help_with_contact=(
        "Ask {contact_name}, {contact_phone}[, {contact_hours}]. Dial it yourself; use no link or number you were sent."
    ),
    help_without_contact="Ask your local police. Look the number up yourself.",
    safe_action="Keep my money here",
    learn_more="See the signs",
    go_on="Continue",
    second_step=(
        "Once the money has left, nobody can take it back. Before you go on, tell someone who is not involved what "
        "this payment is for."
    ),
    second_step_go_on="Go on with this withdrawal",
    second_step_back="Back to the message",
    tips=("Take an hour; a real offer is still there tomorrow.", "Ask someone who gains nothing from this payment."),
    attribution="Based on public police advice; not issued by the police.",
    resources_intro="Dial these numbers yourself. That a check finds no record does not mean that it is harmless.",
    cancelled="Your money stays in your account. Nothing was sent.",
    continued="Your withdrawal goes on. If something does not feel right, stop it in your withdrawal list.",
    notice="Money sent in crypto cannot be taken back. If someone asked you to send it, check with someone else first.",
    questions=(
        Question("source", "Where did this address come from?", (("wallet", "My own wallet"), ("unsure", "Not sure"))),
    ),
)

CHINESE = Message(
    locale="zh-Hant",
    headline="轉出前，先核實",
    this_withdrawal={
        "first_time": "你正將 {amount} {asset} 轉往一個你從未付款的地址，轉出後無法取回。",
        "paid_before": "你正將 {amount} {asset} 轉往一個你曾付款的地址，轉出後無法取回。",
    },
    stories={
        "investment": TypologyText(
            story="常見騙案：網上認識的人介紹投資平台。先讓你提取少量款項，再要求你加碼。",
            example="一名退休教師在群組認識「安娜」。平台顯示巨額利潤，並曾成功提款一次。其後她想取回餘款，對方卻要求先繳稅。",
            signs=(
                "對方與你只在**網上**認識，並主動提及投資。",
                "首次小額提款成功，大額提款卻要先付費或繳稅。",
                "付款時有人一直在電話或聊天室中陪着你。",
            ),
            preempt="他們可能說這只是例行訊息，人人都會看到。請停下，先問問別人。",
        )
    },
    self_check="有人正在指導你操作，或叫你保密？請先停下。",
    help_with_contact=(
        "可致電「{contact_name}」{contact_phone}[（{contact_hours}）]查詢。請自行撥號，切勿使用他人提供的連結或電話。"
    ),
    help_without_contact="請向當地警方查詢，並自行查找電話號碼。",
    safe_action="暫不轉出",
    learn_more="查看騙案徵兆",
    go_on="繼續",
    second_step="款項一經轉出，便無法取回。繼續前，請先告訴一位與此事無關的人這筆款項的用途。",
    second_step_go_on="繼續這次提取",
    second_step_back="返回訊息",
    tips=("先等一小時；真正的機會明天仍在。", "問一位不會因這筆款項得益的人。"),
    attribution="根據警方公開的防騙資訊編寫，並非由警方發出。",
    resources_intro="請自行撥打以下號碼。查無紀錄並不代表沒有問題。",
    cancelled="款項仍在你的帳戶內，並未轉出。",
    continued="你的提取會繼續。如覺得不妥，請到提取紀錄停止。",
    notice="加密貨幣轉出後無法取回。如有人要求你轉帳，請先向其他人查詢。",
    questions=(Question("source", "這個地址從何而來？", (("wallet", "我自己的錢包"), ("unsure", "不確定"))),),
)

LOOKALIKE_ENGLISH = replace(
    ENGLISH,
    headline="This is not the address you used before",
    this_withdrawal={
        "paid": "It starts and ends like one you paid on {known_date}; the middle differs.",
        "saved": "It starts and ends like one you saved on {known_date}; the middle differs.",
        "received": "It starts and ends like one that paid you on {known_date}; the middle differs.",
    },
    stories={},
    self_check="Did you copy this address from a list of transactions? Scammers plant look-alikes there.",
    safe_action="Stop and check",
    learn_more="How to check an address",
    go_on="Use this different address",
    second_step="Get the address again from its owner, or from your own wallet's Receive screen, not from a list.",
    second_step_go_on="Use this different address",
    typing_prompt="Type the four marked characters from the address that you have just obtained.",
)

LOOKALIKE_CHINESE = replace(
    CHINESE,
    headline="這不是你以往使用的地址",
    this_withdrawal={
        "paid": "開頭和結尾與你於 {known_date} 付款的地址相似，但中間不同。",
        "saved": "開頭和結尾與你於 {known_date} 儲存的地址相似，但中間不同。",
        "received": "開頭和結尾與於 {known_date} 曾向你付款的地址相似，但中間不同。",
    },
    stories={},
    self_check="你是否從交易紀錄複製這個地址？騙徒會把相似地址混入其中。",
    safe_action="停止並核對",
    learn_more="如何核對地址",
    go_on="使用這個不同的地址",
    second_step="請向收款人重新索取地址，或從自己錢包的「收款」頁取得，切勿從紀錄複製。",
    second_step_go_on="使用這個不同的地址",
    typing_prompt="請從剛取得的地址輸入四個已標示的字元。",
)

RELEASE = Release(experiment="pilot", starts_at=NOW, ends_at=None, holdout=Decimal("0.1"), weights={"a": 1, "b": 1})

PACK = Pack(
    id="secret-campaign-id",
    title="Secret campaign title",
    priority=50,
    jurisdictions=("HK",),
    currency="USD",
    partners=("secret-partner",),
    audience=cast("Audience", None),  # whom a pack reaches plays no part in how it looks
    intervention="confirm",
    no_screen="hold",
    typologies=TYPOLOGIES,
    arms={"a": Arm("story_first"), "b": Arm("self_check_first")},
    messages={"en": ENGLISH, "zh-Hant": CHINESE},
    release=RELEASE,
)

LOOKALIKE = replace(
    PACK, id=LOOKALIKE_PACK, typologies=(), messages={"en": LOOKALIKE_ENGLISH, "zh-Hant": LOOKALIKE_CHINESE}
)


def contact(**changes: object) -> Contact:
    """A verified helpline of Hong Kong, or what ``changes`` make of it."""
    usual = Contact(
        id="helpline",
        jurisdiction="HK",
        name="the Anti-Scam Helpline",
        names={"zh-Hant": "防騙易熱線"},
        purpose="advice",
        phone="18222",
        hours="24 hours",
        hours_by_locale={"zh-Hant": "24 小時"},
        source="https://www.adcc.gov.hk/",
        source_quality="official",
        status="verified",
        last_verified=date(2026, 11, 1),
        expires=date(2027, 5, 1),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # a test names the fields it changes


CONTACTS = Contacts(
    {
        "HK": (
            contact(),
            contact(
                id="police",
                name="Hong Kong Police Force",
                names={"zh-Hant": "香港警務處"},
                purpose="emergency",
                phone="999",
            ),
            contact(
                id="scameter",
                name="CyberDefender Scameter",
                names={"zh-Hant": "防騙視伏器"},
                purpose="check",
                phone=None,
                hours=None,
                hours_by_locale={},
                url="https://cyberdefender.hk/en-us/scameter/",
            ),
        )
    }
)

FACTS = CustomerFacts(
    asset="USDT",
    network="tron",
    amount=Decimal("12000.00"),
    fiat_amount=Decimal("12003.10"),
    fiat_currency="USD",
    address="TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE",
    jurisdiction="HK",
)

KNOWN_ADDRESS = "0x25f5e86e1a90b7d3c4e2f6a8091b3c5d7eb02c50"
"""An address paid before; the middle differs from the one entered."""

ENTERED_ADDRESS = "0x25f56616d2c3a5f40978e1b6c8d0f2a4e2b02c50"

LOOKALIKE_FACTS = CustomerFacts(
    asset="USDT",
    network="ethereum",
    amount=Decimal("144.88"),
    fiat_amount=Decimal("144.90"),
    fiat_currency="USD",
    address=ENTERED_ADDRESS,
    jurisdiction="HK",
    lookalike=LookalikePair(KNOWN_ADDRESS, "paid", datetime(2026, 5, 2, 18, 0, tzinfo=UTC)),
)


def reference(**changes: object) -> AlertReference:
    """A reference to the ordinary alert in English, or what ``changes`` make of it."""
    usual: dict[str, object] = {
        "alert_id": "0193f0c0-0000-7000-8000-000000000001",
        "campaign": PACK.id,
        "version": "secretversionhash",
        "locale": "en",
        "expires_at": datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
        "arm": "a",
    }
    return AlertReference(**(usual | changes))  # type: ignore[arg-type]  # as above
