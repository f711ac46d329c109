"""The few words that every alert shares, whatever its pack: labels, headings, and what a form answers.

Invariants: these words name no scam, no person and no reason; each language has all of them (the type says so); the
Chinese wants a native reader before any badge. Guidance: no blame, no fear, never "safe", never "verified".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from thinktwice.alerts.locale import choose_locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Interface words in one language; braces stand for what is filled in."""

    to: str
    network: str
    memo: str
    known_paid: str
    known_saved: str
    known_received: str
    entered_now: str
    pair_reading: str
    language: str
    second_screen: str
    example: str
    signs: str
    preempt: str
    tips: str
    resources: str
    purpose_advice: str
    purpose_report: str
    purpose_emergency: str
    purpose_check: str
    new_window: str
    back: str
    second_step: str
    typing_label: str
    typing_pattern: str
    typing_missing: str
    typing_differs: str
    error: str
    cannot_type: str
    read_back: str
    optional: str
    report: str
    cancelled: str
    continued: str
    reported: str
    reported_text: str
    still_open: str
    return_to: str
    close: str
    gone: str
    gone_text: str
    away: str
    away_text: str


_EN: Final = Words(
    to="To",
    network="Network",
    memo="Memo",
    known_paid="You paid this address on {date}",
    known_saved="You saved this address on {date}",
    known_received="This address paid you on {date}",
    entered_now="Entered now",
    pair_reading="Starts with {head}. The middle, which differs, is {middle}. Ends with {tail}.",
    language="Language",
    second_screen="What to look for",
    example="An example",
    signs="Signs of this scam",
    preempt="What they may say about this message",
    tips="Tips",
    resources="Where to ask or report",
    purpose_advice="Advice",
    purpose_report="Report a scam",
    purpose_emergency="Emergency",
    purpose_check="Check a number, website or account",
    new_window="opens in a new window",
    back="Back",
    second_step="One more step",
    typing_label="Characters {first} to {last} of the address",
    typing_pattern="The address in this withdrawal",
    typing_missing="Type the {count} characters, or confirm that you compared them.",
    typing_differs=(
        "The address in this withdrawal has other characters there. If you typed them from an address that you have "
        "just obtained again, this is a different address. Stop and check."
    ),
    error="Please check",
    cannot_type="I cannot type the characters",
    read_back=(
        "I obtained the address again from its owner, or from my own wallet, and compared all the characters one by "
        "one. They are the same."
    ),
    optional="You need not answer.",
    report="Tell {operator} this is a scam",
    cancelled="You chose not to send",
    continued="You chose to continue",
    reported="Thank you for telling us",
    reported_text=(
        "We have recorded that you think this is a scam. If money or account details have already gone, contact one "
        "of these now. Dial the number yourself."
    ),
    still_open="Changed your mind? As long as the money has not left, you can still stop.",
    return_to="Return to {operator}",
    close="You can close this page.",
    gone="This page cannot be shown",
    gone_text=(
        "The link is incomplete or no longer valid. Open {operator} yourself, not through a link from somebody else, "
        "and look at your withdrawal there. If you are unsure about sending money, wait and ask someone you trust."
    ),
    away="We could not save your choice",
    away_text="Nothing has changed. Please go back and try again in a minute.",
)

_ZH_HANT: Final = Words(
    to="轉往",
    network="網絡",
    memo="備註",
    known_paid="你於 {date} 付款的地址",
    known_saved="你於 {date} 儲存的地址",
    known_received="於 {date} 曾向你付款的地址",
    entered_now="現在輸入的地址",
    pair_reading="開頭是 {head}。中間不同的部分是 {middle}。結尾是 {tail}。",
    language="語言",
    second_screen="留意以下各點",
    example="個案",
    signs="騙案徵兆",
    preempt="騙徒可能會這樣評論這則訊息",
    tips="提示",
    resources="查詢及舉報",
    purpose_advice="查詢",
    purpose_report="舉報騙案",
    purpose_emergency="緊急求助",
    purpose_check="查核電話號碼、網站或帳戶",
    new_window="在新視窗開啟",
    back="返回",
    second_step="請再確認",
    typing_label="地址的第 {first} 至第 {last} 個字元",
    typing_pattern="這次提取的地址",
    typing_missing="請輸入該 {count} 個字元，或確認你已逐一核對。",
    typing_differs="這次提取的地址在該處的字元並不相同。如果你是從剛剛重新索取的地址輸入，這便是另一個地址。請停下並核對。",
    error="請核對",
    cannot_type="我無法輸入字元",
    read_back="我已向地址持有人重新索取地址，或從自己的錢包取得地址，並逐一核對所有字元，兩者相同。",
    optional="可不作答。",
    report="告訴 {operator} 這是騙案",
    cancelled="你已選擇暫不轉出",
    continued="你已選擇繼續",
    reported="多謝你告訴我們",
    reported_text="我們已記錄你認為這是騙案。如款項已經轉出，或帳戶資料已經外洩，請立即聯絡以下機構，並自行撥號。",
    still_open="改變主意？只要款項尚未轉出，你仍可停止。",
    return_to="返回 {operator}",
    close="你可以關閉此頁。",
    gone="無法顯示此頁",
    gone_text=(
        "連結不完整或已失效。請自行開啟 {operator}，切勿使用他人提供的連結，並在該處查看你的提取紀錄。"
        "如不確定應否轉帳，請先等一等，並向信任的人查詢。"
    ),
    away="未能儲存你的選擇",
    away_text="一切維持不變。請返回上一頁，稍後再試。",
)

WORDS: Final[Mapping[str, Words]] = MappingProxyType({"en": _EN, "zh-Hant": _ZH_HANT})
"""By locale; a pack in another language is shown with English labels until somebody writes them."""


def words_for(locale: str) -> Words:
    """Return the interface words nearest to a locale."""
    return WORDS[choose_locale(locale, tuple(WORDS))]
