"""Chinese in traditional characters, as written in Hong Kong; wants a native reader."""

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
    open_now="現正服務",
    closed_now="現時休息",
    hours_now="{hours}，{now}",
    new_window="在新視窗開啟",
    back="返回",
    second_step="請再確認",
    typing_label="地址的第 {first} 至第 {last} 個字元",
    typing_pattern="這次提取的地址",
    typing_missing="請輸入該 {count} 個字元，或確認你已逐一核對。",
    typing_differs=(
        "這次提取的地址在該處的字元並不相同。如果你是從剛剛重新索取的地址輸入，這便是另一個地址。請停下並核對。"
    ),
    error="請核對",
    cannot_type="我無法輸入字元",
    read_back="我已向地址持有人重新索取地址，或從自己的錢包取得地址，並逐一核對所有字元，兩者相同。",
    optional="可不作答。",
    cancelled="你已選擇暫不轉出",
    continued="你已選擇繼續",
    reported="多謝你告訴我們",
    reported_text="我們已記錄你認為這是騙案。如款項已經轉出，或帳戶資料已經外洩，請立即致電銀行和警方，並自行撥號。",
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
    waiting=WaitingWords(
        hold_headline="你的提取正在等候",
        hold_until="你要求轉出 {amount} {asset}。在 {until} 之前不會轉出，款項仍在你的帳戶內。",
        hold_over="等候時間已過，款項並未轉出。如仍想轉出 {amount} {asset}，請重新提出；我們會再次詢問。",
        over_headline="等候時間已過",
        released_headline="你可以重新提出",
        released_text=(
            "我們的職員已看過這次提取，等候已提早結束，款項並未轉出。如仍想轉出 {amount} {asset}，請重新提出；"
            "我們會再次詢問。"
        ),
        lapsed_headline="這則訊息關於較早前的要求",
        lapsed_text=(
            "該次要求已經失效。如仍想轉出 {amount} {asset}，請重新提出；我們會再次詢問。如已重新提出，"
            "請查看較新的訊息。"
        ),
        ended_headline="這次提取已經停止",
        sent_headline="這筆款項已經轉出",
        sent_text="{amount} {asset} 已從你的帳戶轉出，我們無法再停止。",
        sent_help=(
            "如一切符合你的意願，無須再做任何事。如覺得有不妥，請不要再轉出款項，並告訴我們；我們會說明現在可以怎樣做。"
        ),
        hold_person="你要求轉出 {amount} {asset}。在我們的職員與你談過之前，款項不會轉出。",
        reason_protection="原因：為保障客戶，部分提取會先等候，讓你有時間想清楚和問問別人。這並非針對你。",
        reason_account="原因：保障你的帳戶。",
        meanwhile=(
            "- 請與一位與此付款無關的人談談。\n"
            "- 不要讓人催促你、看你的螢幕，或教你怎樣回答。\n"
            "- 時間到後款項不會自動轉出，由你再作決定。"
        ),
        refer_headline="請先與我們談談",
        refer_text="你要求轉出 {amount} {asset}。在我們的職員與你談過之前，款項不會轉出，仍在你的帳戶內。",
        refer_call="我們正致電你帳戶內登記的號碼。職員會先讀出以下代碼。如沒有讀出或代碼不符，請掛線。",
        refer_call_elsewhere="我們正致電你帳戶內登記的號碼。職員會先讀出應用程式內顯示的代碼。如沒有讀出或代碼不符，請掛線。",
        call_code="來電代碼",
        account_headline="這次提取正在等候",
        account_text="{amount} {asset} 並未轉出。我們會就此聯絡你。",
        account_until="{amount} {asset} 並未轉出。在 {until} 之前不會轉出。",
        block_headline="無法進行這次提取",
        block_text=(
            "我們無法將 {amount} {asset} 轉往這個地址。我們必須遵守適用於本服務的規定。款項仍在你的帳戶內。\n\n"
            "如有疑問，請在應用程式內聯絡客戶服務。"
        ),
        cancel="取消這次提取",
        stopped="款項仍在你的帳戶內，並未轉出。",
        appeal="請由職員覆核",
        appeal_done="你已要求由職員覆核，我們已經記錄。在此之前，這次提取會繼續等候。",
        call_me="稍後致電給我",
        call_me_done="你已要求來電。我們會致電你帳戶內登記的號碼。我們不會要求你轉帳、提供驗證碼或安裝軟件。",
    ),
    ask=AskWords(
        title="幾條簡短問題",
        intro="你的回答有助我們顯示合適的資訊。請如實作答；收款人不會看到。",
        next="下一步",
        not_sure="不確定",
        prefer_not_to_say="不想透露",
        missing="請選擇一個答案，亦可選「不想透露」。",
        questions={
            "origin": QuestionWords(
                "這個地址從何而來？",
                {
                    "own_wallet": "我自己的錢包或帳戶",
                    "known_in_person": "我親身認識的人",
                    "known_online": "只在網上認識的人、群組或網站",
                    "told_by_authority": "警方、銀行或公司告訴我",
                },
            ),
            "on_call": QuestionWords("現在有人與你通話，或看到你的螢幕嗎？", {"yes": "有", "no": "沒有"}),
            "money_back": QuestionWords(
                "你曾否從那裏把款項轉回銀行？",
                {
                    "large_part": "曾經，大部分",
                    "a_little": "曾經，少許",
                    "fee_first": "對方要求先付費用",
                    "never_tried": "從未嘗試",
                    "own_wallet": "那是我自己的錢包",
                },
            ),
            "coached": QuestionWords("有人教你怎樣回答，或叫你保密嗎？", {"yes": "有", "no": "沒有"}),
        },
        sharing_headline="請先結束分享螢幕",
        sharing_text=(
            "其他人可能看到或使用這部裝置。請結束分享螢幕和遙距協助，並關閉有關程式。\n\n"
            "然後請自行在另一部裝置開啟應用程式，重新開始。款項並未轉出。"
        ),
    ),
    help=HelpWords(
        link="我覺得自己正遇到騙案",
        title="如果你覺得這是騙案",
        first="接下來十分鐘",
        steps=(
            "不要再轉出任何款項，包括費用或稅款。",
            "結束通話和對話，你無須回應任何人。",
            "結束分享螢幕，並移除對方叫你安裝的程式。",
            "如曾透露密碼或驗證碼，請用另一部裝置更改。",
            "如款項已轉出，請立即致電銀行和警方，並自行查找電話號碼。",
            "保留訊息、地址和收據，不要刪除。",
        ),
        tell="然後告訴我們",
        tell_intro="這樣會立即停止這次提取。每一欄都可留空。",
        tell_sent="款項已經轉出，我們無法再停止。你告訴我們的內容會寫入供警方使用的報告。每一欄都可留空。",
        txid="已轉出款項的交易編號",
        txid_hint="一串英文字母和數字，見於提取紀錄",
        site="對方的網站、名稱或號碼",
        site_hint="按你所知填寫",
        how="對方怎樣聯絡你？",
        how_options={
            "social_media": "社交媒體或群組",
            "messenger": "訊息",
            "phone": "電話",
            "dating": "交友程式",
            "advert": "廣告或網站",
            "in_person": "親身接觸",
            "other": "其他方式",
        },
        send="停止提取並告訴 {operator}",
        send_sent="告訴 {operator}",
        send_answer="送出答案",
        thanks="多謝，答案已經記錄。",
        aftercare="之後可能發生的事",
        aftercare_text=(
            "可能有人自稱律師、專家或機構，說可以把款項帶回來，但要先付費、提供驗證碼或讓他登入。"
            "這是第二個騙案，不必理會。"
            "\n\n發生這件事並不是你的問題。請今天就告訴一位信任的人。"
        ),
        download="供警方使用的報告（文字）",
        download_pdf="供警方使用的報告（PDF）",
    ),
    report_words=ReportWords(
        title="加密貨幣提取騙案報告",
        statement="由客戶以本服務的資料編寫。標有 * 的內容是客戶自己的陳述。",
        made_at="報告製作時間",
        operator="服務",
        reference="服務編號",
        requested_at="要求提取時間",
        amount="數額",
        worth="約值",
        network="網絡",
        destination="收款地址",
        memo="備註",
        status="結果",
        stopped="已因客戶舉報而停止",
        not_stopped="未知是否已停止",
        sent="款項已經轉出，未能停止",
        txid="交易編號 *",
        how="對方聯絡方式 *",
        site="網站、名稱或號碼 *",
        name="客戶姓名及聯絡方法 *",
        words="客戶自述事發經過 *",
        unknown="沒有提供",
    ),
    verify=VerifyWords(
        code="這則訊息的代碼",
        code_text=(
            "這則訊息是否來自 {operator}？請自行輸入我們的網址，加上 /verify，再輸入此代碼。"
            "代碼於 {until} 前有效，其後請重新開啟此頁，取得新代碼。"
        ),
        title="這則訊息是真的嗎？",
        never="我們或警方的來電者都不會要求你轉帳、提供驗證碼或安裝軟件。",
        intro="這類訊息都會顯示代碼，請在此輸入。請自行輸入網址進入本頁，切勿使用他人提供的連結。",
        label="訊息的代碼",
        check="核對代碼",
        genuine="{operator} 在過去 15 分鐘內曾顯示帶有此代碼的訊息。如代碼是別人讀出或傳給你的，並不代表那個人可信。",
        unknown=(
            "我們沒有帶有此代碼的訊息。代碼可能已超過 15 分鐘，請再看一次訊息。如訊息或代碼是別人傳給你的，請不要照做。"
        ),
        too_many="嘗試次數過多。請等一分鐘再試。",
        joint="與警方的聯合行動",
        together="與{partners}合作撰寫",
        joint_none="目前沒有公布任何聯合行動。提及聯合行動的訊息並非由我們發出。",
    ),
)
