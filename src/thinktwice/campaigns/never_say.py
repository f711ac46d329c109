"""What an alert never says, by language, and how a pack records an exception.

Invariants: the list is data; a phrase found is a fault unless the same file excepts it for that section with a
reason. Blame, fear, promises and hints at an investigation harm genuine customers, and some tip scammers off
(CONTENT, "Never say"; DESIGN rules 7 and 11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from thinktwice.campaigns.words import Words
from thinktwice.errors import Fault

_EN: Final[tuple[tuple[str, str], ...]] = (
    (r"flagg?(ed|s|ing)?|(black|white)?listed|black ?list|watch ?list", "says that somebody is on a list"),
    (r"suspicious\w*|suspect\w*|under suspicion", "accuses"),
    (r"investigat\w*", "hints at an investigation"),
    (r"safe(ly|r|st)?|verified|cleared|guaranteed?", "promises what nobody can know"),
    (r"police (will |would |do |does )?(never|not) (call|phone|ring|telephone|contact)", "is not true: police do call"),
    (r"at your own risk|you (were|have been|had been) warned|your (own )?fault", "blames"),
    (r"(most|many|other) (people|customers|users|victims) (cancel|stop|choose|decide)\w*", "leans on the crowd"),
    (r"recover(y|ed|able|ing)?|refund\w*|get (it|(your|the) (money|funds|coins)) back", "promises money back"),
    (
        r"thresholds?|(over|above|more than|at least|from) (usd|hkd|us\$|hk\$|\$|€|£) ?[0-9][0-9.,]*",
        "tells a threshold",
    ),
    (r"elderly|seniors?|older (people|customers)|your age|nationality|foreigners?|mainlanders?", "names age or origin"),
    (
        r"binance|coinbase|okx|bybit|kraken|huobi|jpex|whatsapp|telegram|facebook|instagram|wechat|tinder|signal app",
        "names a platform",
    ),
    (r"qr( codes?)?|click (here|the link|below)|tap the link", "sends people to links and codes"),
    (
        r"hurry|act now|act fast|time is running out|countdown|(only )?[0-9]+ (seconds|minutes) left|urgent(ly)?",
        "presses",
    ),
    (r"hacked|stolen|you are being scammed|you will lose", "frightens"),
)

_ZH_HANT: Final[tuple[tuple[str, str], ...]] = (
    (r"被?標記|黑名單|列入名單|監察名單", "says that somebody is on a list"),
    (r"可疑|懷疑|涉嫌|嫌疑", "accuses"),
    (r"調查", "hints at an investigation"),
    (r"安全|已(經)?(核實|驗證|通過)|保證", "promises what nobody can know"),
    (r"警(方|察|員)(絕|從|永)?不會(致|打|來)電", "is not true: police do call"),
    (r"後果自負|風險自負|自行承擔|已(經)?警告|你的錯", "blames"),
    (r"(大部分|大多數|多數|其他)(人|客戶|用戶)", "leans on the crowd"),
    (r"(可以?|能夠?|協助|幫你)(追|取|討)回|退款", "promises money back"),
    (r"門檻|限額|(超過|以上|至少)\s*(美元|港元|港幣|US\$|HK\$|\$)", "tells a threshold"),
    (r"長者|老人|年長|年輕人|你的年齡|國籍|外籍|內地人", "names age or origin"),
    (
        r"(?i:binance|coinbase|okx|bybit|jpex|whatsapp|telegram|facebook|instagram|wechat)|幣安|微信|臉書",
        "names a platform",
    ),
    (r"(?i:qr)|二維碼|點擊(以下|此處|連結)|按此連結", "sends people to links and codes"),
    (r"倒數|立即行動|趕快|盡快行動|即將逾時|緊急行動", "presses"),
    (r"被盜|你正被騙|你會失去|血本無歸", "frightens"),
)

_AR: Final[tuple[tuple[str, str], ...]] = (
    (r"القائمة السوداء|قائمة سوداء|قائمة المراقبة|مُ?درج في قائمة", "says that somebody is on a list"),
    (r"مشبوه|مشتبه|اشتباه", "accuses"),
    (r"تحقيقات?(?!ق)|قيد التحقيق", "hints at an investigation"),
    (r"آمن|مضمون|نضمن|موثّ?ق", "promises what nobody can know"),
    (r"الشرطة لا تتصل", "is not true: police do call"),
    (r"على مسؤوليتك|تم تحذيرك|لقد حذّ?رناك|خطؤك|غلطتك", "blames"),
    (r"(معظم|أغلب|أكثر) (الناس|العملاء|المستخدمين)", "leans on the crowd"),
    (r"استرداد|استرجاع (المال|أموالك|مالك)", "promises money back"),
    (r"كبار السن|المسنّ?ين|عمرك|جنسيتك|الأجانب", "names age or origin"),
    (
        r"(?i:binance|coinbase|okx|bybit|whatsapp|telegram|facebook|instagram|wechat)|واتساب|تيليجرام|تلغرام|فيسبوك",
        "names a platform",
    ),
    (r"(?i:qr)|رمز الاستجابة|اضغط (هنا|على الرابط)", "sends people to links and codes"),
    (r"أسرع|سارع|الوقت ينفد|تصرّ?ف الآن", "presses"),
    (r"مسروق|يتم الاحتيال عليك|ستخسر|اختُ?رق", "frightens"),
)


def _compiled(rows: tuple[tuple[str, str], ...], template: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(template.format(pattern), re.IGNORECASE), reason) for pattern, reason in rows)


NEVER_SAY: Final[Mapping[str, tuple[tuple[re.Pattern[str], str], ...]]] = {
    "en": _compiled(_EN, r"\b(?:{})(?!\w)"),
    "zh-Hant": _compiled(_ZH_HANT, r"(?:{})"),
    "ar": _compiled(_AR, r"(?:{})"),
}
"""By locale: a pattern, and why it is never said."""


def never_said(words: Words) -> Iterator[Fault]:
    """Yield a fault for each phrase of the list that the message says without a recorded exception."""
    used = set()
    for section in words.sections.values():
        excepted = {entry.says.casefold() for entry in words.exceptions if entry.section == section.name}
        for pattern, reason in NEVER_SAY.get(words.message.locale, ()):
            for match in pattern.finditer(section.text):
                phrase = match.group(0)
                if phrase.casefold() in excepted:
                    used.add((section.name, phrase.casefold()))
                    continue
                yield section.fault(
                    f"never say {phrase!r}: it {reason}; rephrase, or record an exception with a reason"
                )
    for entry in words.exceptions:
        if entry.section in words.sections and (entry.section, entry.says.casefold()) not in used:
            yield words.sections[entry.section].fault(f"the exception for {entry.says!r} is not used; remove it")
