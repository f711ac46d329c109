"""What an alert never says, by language, and how a pack records an exception.

Invariants: the list is data; what is looked at is what a reader reads, so no markup and no mark inside a word hides it;
a phrase found is a fault unless the same file excepts it for that section with a reason. Blame, fear, promises and
hints at an investigation harm genuine customers, and some tip scammers off (CONTENT, "Never say"; DESIGN rules 7 and
11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from thinktwice.campaigns.spoken import spoken
from thinktwice.campaigns.words import Words
from thinktwice.contacts.characters import folded
from thinktwice.errors import Fault, Phrase

_COUNT_EN: Final = (
    r"([0-9]+|a|a few|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|sixty)"
)
_COUNT_PT: Final = (
    r"([0-9]+|um|uma|dois|duas|tr[eê]s|quatro|cinco|seis|sete|oito|nove|dez|doze|quinze|vinte|trinta|poucos|poucas)"
)
_COUNT_MS: Final = (
    r"([0-9]+|se|satu|dua|tiga|empat|lima|enam|tujuh|lapan|sembilan|sepuluh|dua belas|lima belas|dua puluh|tiga puluh|"
    r"beberapa)"
)

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
    (r"hurry|act now|act fast|time is running out|countdown|urgent(ly)?|last chance|before it is too late", "presses"),
    (
        rf"{_COUNT_EN} (more )?(seconds?|minutes?|hours?) (left|remain(s|ing)?|to (act|answer|choose|decide|go))",
        "presses",
    ),
    (rf"(only|you have) {_COUNT_EN} (more )?(seconds?|minutes?|hours?)", "presses"),
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
    (r"倒數|立即行動|趕快|盡快行動|即將逾時|緊急行動|最後機會|為時已晚|太遲", "presses"),
    (r"(只|僅|尚|還)?[剩餘有]下?\s*[0-9一二三四五六七八九十兩半幾]+\s*個?(秒|分鐘|小時)(?!前)", "presses"),
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
    (r"أسرع|سارع|الوقت ينفد|تصرّ?ف الآن|آخر فرصة|الفرصة الأخيرة|فوات الأوان", "presses"),
    (
        r"(بقيت?|[يت]?تبقى|لديك|أمامك)( إلا| سوى| فقط)?( \S+)? (ثانية|ثوان|دقيقة|دقيقتان|دقائق|ساعة|ساعات)(?!\w)",
        "presses",
    ),
    (r"مسروق|يتم الاحتيال عليك|ستخسر|اختُ?رق", "frightens"),
)


_ZH_HANS: Final[tuple[tuple[str, str], ...]] = (
    (r"被?标记|黑名单|列入名单|监控名单|观察名单", "says that somebody is on a list"),
    (r"可疑|怀疑|涉嫌|嫌疑", "accuses"),
    (r"调查", "hints at an investigation"),
    (r"安全|已(经)?(核实|验证|通过)|保证", "promises what nobody can know"),
    (r"警(方|察|员)(绝|从|永)?不会(致|打|来)电", "is not true: police do call"),
    (r"后果自负|风险自负|自行承担|已(经)?警告|您的错|你的错", "blames"),
    (r"(大部分|大多数|多数|其他)(人|客户|用户)(?!提供)", "leans on the crowd"),
    (r"(可以?|能够?|协助|帮(你|您))(追|取|讨)回|退款", "promises money back"),
    (r"门槛|限额|(超过|以上|至少)\s*(美元|新元|港元|人民币|US\$|S\$|\$)", "tells a threshold"),
    (r"长者|老人|年长|年轻人|(你|您)的年龄|国籍|外籍|外国人|中国人", "names age or origin"),
    (
        r"(?i:binance|coinbase|okx|bybit|jpex|whatsapp|telegram|facebook|instagram|wechat)|币安|微信|脸书",
        "names a platform",
    ),
    (r"(?i:qr)|二维码|点击(以下|此处|链接)|按此链接", "sends people to links and codes"),
    (r"倒计时|立即行动|赶快|赶紧|尽快行动|即将超时|紧急行动|最后机会|为时已晚|太迟", "presses"),
    (r"(只|仅|尚|还)?[剩余有]下?\s*[0-9一二三四五六七八九十两半几]+\s*个?(秒|分钟|小时)(?!前)", "presses"),
    (r"被盗|您正被骗|你正被骗|(您|你)会失去|血本无归", "frightens"),
)

_PT: Final[tuple[tuple[str, str], ...]] = (
    (
        r"listas? negras?|lista de (vigilância|observação)|sinalizad[oa]s?|assinalad[oa]s?",
        "says that somebody is on a list",
    ),
    (r"suspeit\w*", "accuses"),
    (r"investiga\w*", "hints at an investigation"),
    (
        r"(?<!\bum )(?<!\bo )segur[oa]s?|verificad[oa]s?|garantid[oa]s?|garantimos|garantia",
        "promises what nobody can know",
    ),
    (r"a polícia (nunca|não) (liga|telefona|contacta)", "is not true: police do call"),
    (r"por sua conta e risco|foi avisad[oa]|culpa sua|a sua culpa|sua própria culpa", "blames"),
    (
        r"(a maioria|a maior parte|muit[oa]s|outr[oa]s) (d[aoe]s? )?(pessoas|clientes|utilizadores|vítimas)",
        "leans on the crowd",
    ),
    (r"recuper\w*|reembols\w*|devolução", "promises money back"),
    (
        r"limiar(es)?|(acima de|mais de|pelo menos|a partir de) (usd|mop|hkd|eur|us\$|hk\$|mop\$|\$|€) ?[0-9][0-9.,]*",
        "tells a threshold",
    ),
    (r"idos[oa]s?|seniores|a sua idade|nacionalidade|(?<!\bno )estrangeir[oa]s?", "names age or origin"),
    (
        r"binance|coinbase|okx|bybit|kraken|huobi|jpex|whatsapp|telegram|facebook|instagram|wechat|tinder",
        "names a platform",
    ),
    (r"qr|clique (aqui|na ligação|no link|abaixo)|toque na ligação", "sends people to links and codes"),
    (
        r"depressa|despache-se|aja já|o tempo está a acabar|contagem decrescente|urgente(mente)?|última oportunidade",
        "presses",
    ),
    (
        rf"antes que seja tarde|(resta|falta|tem|só|apenas)m? (só |apenas )?{_COUNT_PT} (segundos?|minutos?|horas?)",
        "presses",
    ),
    (r"pirateada?|roubad[oa]s?|furtad[oa]s?|está a ser (burlad|enganad)[oa]|vai perder", "frightens"),
)

_MS: Final[tuple[tuple[str, str], ...]] = (
    (r"senarai (hitam|pantau|pemerhatian)|disenaraihitam\w*|ditandakan sebagai", "says that somebody is on a list"),
    (r"mencurigakan|disyaki|syak wasangka|mengesyaki", "accuses"),
    (r"siasat\w*|disiasat|penyiasatan", "hints at an investigation"),
    (r"selamat|disahkan|terjamin|dijamin|jaminan", "promises what nobody can know"),
    (r"polis tidak (akan|pernah) (menelefon|menghubungi|memanggil)", "is not true: police do call"),
    (r"risiko (anda )?sendiri|telah diberi amaran|(?<!bukan )salah anda|kesilapan anda", "blames"),
    (r"(kebanyakan|ramai|majoriti) (orang|pelanggan|pengguna|mangsa)|orang ramai", "leans on the crowd"),
    (
        r"mendapatkan (semula|balik) wang|wang (anda )?(akan )?dikembalikan|bayaran balik|pulihkan",
        "promises money back",
    ),
    (
        r"ambang|(melebihi|lebih daripada|sekurang-kurangnya) (usd|sgd|rm|s\$|us\$|\$) ?[0-9][0-9.,]*",
        "tells a threshold",
    ),
    (r"warga emas|warga tua|umur anda|usia anda|kewarganegaraan|warga asing|orang asing", "names age or origin"),
    (
        r"binance|coinbase|okx|bybit|kraken|huobi|jpex|whatsapp|telegram|facebook|instagram|wechat|tinder",
        "names a platform",
    ),
    (r"qr|klik (di sini|pautan|di bawah)|tekan pautan", "sends people to links and codes"),
    (r"cepat(-cepat)?|segera bertindak|bertindak sekarang|masa hampir tamat|kira detik|mendesak sekarang", "presses"),
    (rf"peluang terakhir|sebelum terlambat|{_COUNT_MS} ?(saat|minit|jam) (lagi|sahaja)", "presses"),
    (rf"(hanya|tinggal|baki) {_COUNT_MS} ?(saat|minit|jam)", "presses"),
    (r"digodam|dicuri|anda sedang ditipu|anda akan kehilangan", "frightens"),
)


_BLANK: Final = re.compile(r"(?<=[\u3400-\u9fff])[ \t]+(?=[\u3400-\u9fff])")


def _compiled(rows: tuple[tuple[str, str], ...], template: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(template.format(pattern), re.IGNORECASE), reason) for pattern, reason in rows)


NEVER_SAY: Final[Mapping[str, tuple[tuple[re.Pattern[str], str], ...]]] = {
    "en": _compiled(_EN, r"\b(?:{})(?!\w)"),
    "zh-Hant": _compiled(_ZH_HANT, r"(?:{})"),
    "zh-Hans": _compiled(_ZH_HANS, r"(?:{})"),
    "pt": _compiled(_PT, r"\b(?:{})(?!\w)"),
    "ms": _compiled(_MS, r"\b(?:{})(?!\w)"),
    "ar": _compiled(_AR, r"(?:{})"),
}
"""By locale: a pattern, and why it is never said."""


def phrases_of(locale: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what is never said in a language, for ``en-GB`` as for ``en``; nothing where nobody wrote a list."""
    parts = locale.split("-")
    tags = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((NEVER_SAY[tag] for tag in tags if tag in NEVER_SAY), ())


def heard(text: str) -> str:
    """Return a text as the patterns look at it: its words alone, in plain letters, Chinese without blanks inside."""
    return _BLANK.sub("", folded(spoken(text)))


def never_said(words: Words) -> Iterator[Fault]:
    """Yield a fault for each phrase of the list that the message says without a recorded exception."""
    used = set()
    for section in words.sections.values():
        excepted = {heard(entry.says).casefold() for entry in words.exceptions if entry.section == section.name}
        said = heard(section.text)
        for pattern, reason in phrases_of(words.message.locale):
            for match in pattern.finditer(said):
                phrase = match.group(0)
                if phrase.casefold() in excepted:
                    used.add((section.name, phrase.casefold()))
                    continue
                yield section.fault(
                    Phrase(
                        "never say %(phrase)s: it %(reason)s; rephrase, or record an exception with a reason",
                        phrase=repr(phrase),
                        reason=Phrase(reason),
                    )
                )
    for entry in words.exceptions:
        if entry.section in words.sections and (entry.section, heard(entry.says).casefold()) not in used:
            yield words.sections[entry.section].fault(
                Phrase("the exception for %(says)s is not used; remove it", says=repr(entry.says))
            )
