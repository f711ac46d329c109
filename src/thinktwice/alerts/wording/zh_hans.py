"""Chinese in simplified characters, as written in Singapore and the mainland; wants a native reader."""

from __future__ import annotations

from typing import Final

from thinktwice.alerts.wording.fields import (
    AskWords,
    HelpWords,
    QuestionWords,
    ReportWords,
    VerifyWords,
    WaitingWords,
    Words,
)

WORDS: Final = Words(
    to="转往",
    network="网络",
    memo="备注",
    known_paid="您于 {date} 付款的地址",
    known_saved="您于 {date} 保存的地址",
    known_received="于 {date} 曾向您付款的地址",
    entered_now="现在输入的地址",
    pair_reading="开头是 {head}。中间不同的部分是 {middle}。结尾是 {tail}。",
    language="语言",
    second_screen="请留意以下各点",
    example="案例",
    signs="诈骗的迹象",
    preempt="对方可能会这样评论这条信息",
    tips="提示",
    resources="咨询与举报",
    purpose_advice="咨询",
    purpose_report="举报诈骗",
    purpose_emergency="紧急求助",
    purpose_check="查询电话号码、网站或账户",
    open_now="正在服务",
    closed_now="现在休息",
    hours_now="{hours}，{now}",
    new_window="在新窗口打开",
    back="返回",
    second_step="请再确认一步",
    typing_label="地址的第 {first} 至第 {last} 个字符",
    typing_pattern="本次提款的地址",
    typing_missing="请输入这 {count} 个字符，或确认您已逐一核对。",
    typing_differs=(
        "本次提款的地址在该处的字符不同。如果您是从刚刚重新取得的地址输入的，那么这是另一个地址。请停下来核对。"
    ),
    error="请核对",
    cannot_type="我无法输入字符",
    read_back="我已重新向地址持有人或从自己的钱包取得地址，并逐一核对了所有字符，两者相同。",
    optional="可以不回答。",
    cancelled="您选择了不转出",
    continued="您选择了继续",
    reported="谢谢您告诉我们",
    reported_text="我们已记录您认为这是诈骗。如果款项已经转出，或账户资料已经外泄，请立即致电银行和警方，并自己拨号。",
    still_open="改变主意了吗？只要款项还没有转出，您仍然可以停止。",
    return_to="返回 {operator}",
    close="您可以关闭此页。",
    gone="无法显示此页",
    gone_text=(
        "链接不完整或已经失效。请自己打开 {operator}，不要通过他人提供的链接，并在那里查看您的提款。"
        "如果不确定是否应该转账，请先等一等，并问问您信任的人。"
    ),
    away="未能保存您的选择",
    away_text="一切没有改变。请返回上一页，稍后再试。",
    waiting=WaitingWords(
        hold_headline="您的提款正在等候",
        hold_until="您要求转出 {amount} {asset}。在 {until} 之前不会转出，款项仍在您的账户内。",
        hold_over="等候时间已过，款项没有转出。如果仍想转出 {amount} {asset}，请重新提交；我们会再问您一次。",
        over_headline="等候时间已过",
        released_headline="您可以重新提交",
        released_text=(
            "我们的职员看过这笔提款，等候已提前结束，款项没有转出。如果仍想转出 {amount} {asset}，请重新提交；"
            "我们会再问您一次。"
        ),
        lapsed_headline="这条信息是关于较早的请求",
        lapsed_text=(
            "那次请求已经失效。如果仍想转出 {amount} {asset}，请重新提交；我们会再问您一次。如果已经重新提交，"
            "请查看较新的信息。"
        ),
        ended_headline="这笔提款已经停止",
        sent_headline="这笔款项已经转出",
        sent_text="{amount} {asset} 已从您的账户转出，我们无法再停止。",
        sent_help=(
            "如果这正是您的意思，就不需要再做什么。如果觉得有什么不对，请不要再转出款项，并告诉我们；"
            "我们会说明现在可以怎样做。"
        ),
        hold_person="您要求转出 {amount} {asset}。在我们的职员与您谈过之前，款项不会转出。",
        reason_protection="原因：为了保护客户，部分提款会先等候，让您有时间想清楚、问问别人。这并不是针对您。",
        reason_account="原因：保护您的账户。",
        meanwhile=(
            "- 请和一位与这笔付款无关的人谈谈。\n"
            "- 不要让人催您、看您的屏幕，或教您怎样回答。\n"
            "- 时间到后款项不会自动转出，由您再作决定。"
        ),
        refer_headline="请先与我们谈谈",
        refer_text="您要求转出 {amount} {asset}。在我们的职员与您谈过之前，款项不会转出，仍在您的账户内。",
        refer_call="我们正在拨打您账户内登记的号码。职员会先说出以下代码。如果没有说出，或代码不符，请挂断。",
        refer_call_elsewhere="我们正在拨打您账户内登记的号码。职员会先说出应用程序内显示的代码。如果没有说出，或代码不符，请挂断。",
        call_code="来电代码",
        account_headline="这笔提款正在等候",
        account_text="{amount} {asset} 没有转出。我们会就此联系您。",
        account_until="{amount} {asset} 没有转出。在 {until} 之前不会转出。",
        block_headline="无法进行这笔提款",
        block_text=(
            "我们无法将 {amount} {asset} 转往这个地址。我们必须遵守适用于本服务的规定。款项仍在您的账户内。\n\n"
            "如有疑问，请在应用程序内联系客服。"
        ),
        cancel="取消这笔提款",
        stopped="款项仍在您的账户内，没有转出。",
        appeal="请由职员复核",
        appeal_done="您要求由职员复核，我们已经记录。在此之前，这笔提款会继续等候。",
        call_me="稍后致电给我",
        call_me_done="您要求来电。我们会拨打您账户内登记的号码。我们不会要求您转账、提供验证码或安装软件。",
    ),
    ask=AskWords(
        title="几个简短的问题",
        intro="您的回答有助于我们显示合适的内容。请如实回答；收款人不会看到。",
        next="下一步",
        not_sure="不确定",
        prefer_not_to_say="不想回答",
        missing="请选择一个答案，也可以选“不想回答”。",
        questions={
            "origin": QuestionWords(
                "这个地址从哪里来？",
                {
                    "own_wallet": "我自己的钱包或账户",
                    "known_in_person": "我当面认识的人",
                    "known_online": "只在网上认识的人、群组或网站",
                    "told_by_authority": "警方、银行或公司告诉我",
                },
            ),
            "on_call": QuestionWords("现在有人与您通话，或看到您的屏幕吗？", {"yes": "有", "no": "没有"}),
            "money_back": QuestionWords(
                "您曾经从那里把款项转回银行吗？",
                {
                    "large_part": "有，大部分",
                    "a_little": "有，一点点",
                    "fee_first": "对方要求先付费用",
                    "never_tried": "从未试过",
                    "own_wallet": "那是我自己的钱包",
                },
            ),
            "coached": QuestionWords("有人教您怎样回答，或叫您保密吗？", {"yes": "有", "no": "没有"}),
        },
        sharing_headline="请先结束屏幕共享",
        sharing_text=(
            "别人可能看到或使用这部设备。请结束屏幕共享和远程协助，并关闭有关程序。\n\n"
            "然后请自己在另一部设备打开应用程序，重新开始。款项没有转出。"
        ),
    ),
    help=HelpWords(
        link="我觉得自己正遇到诈骗",
        title="如果您觉得这是诈骗",
        first="接下来的十分钟",
        steps=(
            "不要再转出任何款项，包括费用或税款。",
            "结束通话和聊天。您不必回应任何人。",
            "结束屏幕共享，并删除对方叫您安装的程序。",
            "如果透露过密码或验证码，请用另一部设备更改。",
            "如果款项已经转出，请立即致电银行和警方，并自己查找电话号码。",
            "保留信息、地址和收据，不要删除。",
        ),
        tell="然后告诉我们",
        tell_intro="这样会立即停止这笔提款。每一栏都可以留空。",
        tell_sent="款项已经转出，我们无法再停止。您告诉我们的内容会写入给警方的报告。每一栏都可以留空。",
        txid="已转出款项的交易编号",
        txid_hint="一长串字母和数字，可在提款记录中找到",
        site="对方的网站、名称或号码",
        site_hint="按您所知填写",
        how="对方怎样联系您？",
        how_options={
            "social_media": "社交媒体或群组",
            "messenger": "信息",
            "phone": "电话",
            "dating": "交友应用",
            "advert": "广告或网站",
            "in_person": "当面接触",
            "other": "其他方式",
        },
        send="停止提款并告诉 {operator}",
        send_sent="告诉 {operator}",
        send_answer="发送答案",
        thanks="谢谢，您的答案已经记录。",
        aftercare="之后可能发生的事",
        aftercare_text=(
            "可能有人自称律师、专家或机构，说可以把款项带回来，但要先付费、提供验证码或让他登录。"
            "这是第二个诈骗，不必理会。\n\n"
            "发生这件事并不是您的问题。请今天就告诉一位您信任的人。"
        ),
        download="给警方的报告（文字）",
        download_pdf="给警方的报告（PDF）",
    ),
    report_words=ReportWords(
        title="加密货币提款诈骗报告",
        statement="由客户根据本服务的资料编写。标有 * 的内容是客户自己的陈述。",
        made_at="报告制作时间",
        operator="服务",
        reference="服务编号",
        requested_at="要求提款的时间",
        amount="数额",
        worth="约值",
        network="网络",
        destination="收款地址",
        memo="备注",
        status="结果",
        stopped="已因客户举报而停止",
        not_stopped="不知道是否已停止",
        sent="款项已经转出，未能停止",
        txid="交易编号 *",
        how="对方的联系方式 *",
        site="网站、名称或号码 *",
        name="客户姓名和联系方式 *",
        words="客户自述事情经过 *",
        unknown="没有提供",
    ),
    verify=VerifyWords(
        code="这条信息的代码",
        code_text=(
            "这条信息来自 {operator} 吗？请自己输入我们的网址，加上 /verify，再输入此代码。"
            "代码在 {until} 之前有效，之后请重新打开此页，获取新代码。"
        ),
        title="这条信息是真的吗？",
        never="我们或警方的来电者都不会要求您转账、提供验证码或安装软件。",
        intro="这类信息都会显示代码，请在这里输入。请自己输入网址进入本页，不要通过他人提供的链接。",
        label="信息的代码",
        check="核对代码",
        genuine=(
            "{operator} 在过去 15 分钟内显示过带有此代码的信息。如果代码是别人念给您听或发给您的，并不说明那个人可信。"
        ),
        unknown=(
            "我们没有带有此代码的信息。代码可能已超过 15 分钟，请再看一次信息。如果信息或代码是别人发给您的，"
            "请不要照做。"
        ),
        too_many="尝试次数过多。请等一分钟再试。",
        joint="与警方的联合行动",
        together="与{partners}合作撰写",
        joint_none="目前没有公布任何联合行动。提到联合行动的信息不是我们发出的。",
    ),
)
