"""English."""

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
    open_now="open now",
    closed_now="closed now",
    hours_now="{hours}, {now}",
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
    cancelled="You chose not to send",
    continued="You chose to continue",
    reported="Thank you for telling us",
    reported_text=(
        "We have recorded that you think this is a scam. If money or account details have already gone, call "
        "your bank and the police now. Dial the number yourself."
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
    waiting=WaitingWords(
        hold_headline="Your withdrawal is on hold",
        hold_until=(
            "You asked to send {amount} {asset}. Nothing leaves before {until}. Your money stays in your account."
        ),
        hold_over=(
            "The waiting time is over, and nothing was sent. If you still want to send {amount} {asset}, start the "
            "withdrawal again; we will ask you once more."
        ),
        over_headline="The waiting time is over",
        released_headline="You can start again",
        released_text=(
            "One of us has looked at this, and the waiting has ended early. Nothing was sent. If you still want "
            "to send {amount} {asset}, start the withdrawal again; we will ask you once more."
        ),
        lapsed_headline="This message is about an earlier request",
        lapsed_text=(
            "That request no longer counts. If you still want to send {amount} {asset}, start the withdrawal "
            "again; we will ask you once more. If you have started again already, look at the newer message."
        ),
        ended_headline="This withdrawal was stopped",
        sent_headline="This money has left your account",
        sent_text="{amount} {asset} has left your account, and we can no longer stop it.",
        sent_help=(
            "If it is as you meant it, there is nothing to do. If something seems wrong, send nothing more and tell "
            "us: we show you what helps now."
        ),
        hold_person="You asked to send {amount} {asset}. It waits until one of us has spoken with you.",
        reason_protection=(
            "Why: to protect customers, we let some withdrawals wait, so that there is time to think and to ask "
            "someone. It says nothing about you."
        ),
        reason_account="Why: to protect your account.",
        meanwhile=(
            "- Talk to someone who has nothing to do with this payment.\n"
            "- Let nobody press you, see your screen or tell you what to answer.\n"
            "- At the end nothing is sent by itself. You decide again."
        ),
        refer_headline="Please speak with us first",
        refer_text=(
            "You asked to send {amount} {asset}. It waits until one of us has spoken with you. "
            "Your money stays in your account."
        ),
        refer_call=(
            "We are calling you on the number in your account. The caller says the code below before anything else. "
            "If the code is missing or wrong, hang up."
        ),
        refer_call_elsewhere=(
            "We are calling you on the number in your account. The caller first says the code that our app shows you. "
            "If it is missing or wrong, hang up."
        ),
        call_code="The caller's code",
        account_headline="This withdrawal is on hold",
        account_text="{amount} {asset} has not been sent. We will contact you about it.",
        account_until="{amount} {asset} has not been sent. Nothing leaves before {until}.",
        block_headline="This withdrawal cannot be made",
        block_text=(
            "We cannot send {amount} {asset} to this address. We have to follow rules that apply to our service. Your "
            "money stays in your account.\n\nIf you have questions, write to our support from inside the app."
        ),
        cancel="Cancel this withdrawal",
        stopped="Your money stays in your account. Nothing was sent.",
        appeal="A person should look at this",
        appeal_done="You asked that a person looks at this. We have recorded it. Until then the withdrawal waits.",
        call_me="Call me later",
        call_me_done=(
            "You asked for a call. We use the number in your account. We never ask you to send money, share codes or "
            "install software."
        ),
    ),
    ask=AskWords(
        title="A few short questions",
        intro=(
            "They help us to show you what fits. Answer as it is for you; whoever receives the money does not see it."
        ),
        next="Next",
        not_sure="Not sure",
        prefer_not_to_say="Prefer not to say",
        missing="Choose one answer. “Prefer not to say” is one.",
        questions={
            "origin": QuestionWords(
                "Where did this address come from?",
                {
                    "own_wallet": "My own wallet or account",
                    "known_in_person": "Someone I know in person",
                    "known_online": "Someone, a group or a site I know only online",
                    "told_by_authority": "Police, a bank or a company told me",
                },
            ),
            "on_call": QuestionWords("Is anyone on a call with you or seeing this screen?", {"yes": "Yes", "no": "No"}),
            "money_back": QuestionWords(
                "Have you moved money back from there to your bank?",
                {
                    "large_part": "Yes, a large part",
                    "a_little": "A little",
                    "fee_first": "They asked for a fee first",
                    "never_tried": "I never tried",
                    "own_wallet": "It is my own wallet",
                },
            ),
            "coached": QuestionWords(
                "Were you told what to answer, or to keep this private?", {"yes": "Yes", "no": "No"}
            ),
        },
        sharing_headline="End screen sharing first",
        sharing_text=(
            "Somebody else may be able to see or use this device. Please end screen sharing and remote help, and close "
            "the program.\n\nThen open the app yourself on another device and start again. Nothing was sent."
        ),
    ),
    help=HelpWords(
        link="I think I am being scammed",
        title="If you think this is a scam",
        first="In the next ten minutes",
        steps=(
            "Send nothing more, not even a fee or a tax.",
            "End the call and the chat. You owe nobody an answer.",
            "End screen sharing, and remove programs that you were asked to install.",
            "If you shared a password or a code, change it on another device.",
            "If money has left, call your bank and the police now. Use numbers that you look up yourself.",
            "Keep messages, addresses and receipts. Delete nothing.",
        ),
        tell="Then tell us",
        tell_intro="This stops the withdrawal at once. Every field may stay empty.",
        tell_sent=(
            "We can no longer stop this withdrawal. What you tell us goes into the report for the police. "
            "Every field may stay empty."
        ),
        txid="Transaction id of money that has already left",
        txid_hint="Long text of letters and digits, in your withdrawal list",
        site="Their site, name or number",
        site_hint="As you know it",
        how="How did they contact you?",
        how_options={
            "social_media": "Social media or a group",
            "messenger": "Message",
            "phone": "Telephone call",
            "dating": "Dating app",
            "advert": "Advertisement or website",
            "in_person": "In person",
            "other": "Another way",
        },
        send="Stop it and tell {operator}",
        send_sent="Tell {operator}",
        send_answer="Send this answer",
        thanks="Thank you. Your answer was recorded.",
        aftercare="What may come next",
        aftercare_text=(
            "Somebody may offer to bring your money back: a lawyer, an expert, an office. They ask for a fee, a code "
            "or access first. This is a second scam; let it pass.\n\n"
            "What happened says nothing about you. Tell someone you trust about it today."
        ),
        download="Report for the police (text)",
        download_pdf="Report for the police (PDF)",
    ),
    report_words=ReportWords(
        title="Report of a scam with a crypto withdrawal",
        statement="Written by the customer with data of the service. Everything marked * is the customer's own word.",
        made_at="This report was made",
        operator="Service",
        reference="Reference at the service",
        requested_at="Withdrawal requested",
        amount="Amount",
        worth="Worth about",
        network="Network",
        destination="Receiving address",
        memo="Memo",
        status="What became of it",
        stopped="Stopped by the customer's report",
        not_stopped="Not known to have been stopped",
        sent="Already sent; not stopped",
        txid="Transaction id *",
        how="How contact was made *",
        site="Site, name or number *",
        name="Name and contact of the customer *",
        words="What happened, in the customer's words *",
        unknown="not given",
    ),
    verify=VerifyWords(
        code="Code of this message",
        code_text=(
            "Is this message from {operator}? Open our website by typing its address, add /verify, and enter this "
            "code. It holds until {until}. After that, open this page again for a new code."
        ),
        title="Is this message real?",
        never="No caller from us or the police will ask you to send money, share codes or install software.",
        intro=(
            "Every message of this kind shows a code. Enter it here. Come to this page only by typing its address; use "
            "no link that you were sent."
        ),
        label="Code of the message",
        check="Check the code",
        genuine=(
            "{operator} showed a message with this code within the last 15 minutes. If somebody read the code out to "
            "you, or sent it, it says nothing about them."
        ),
        unknown=(
            "We know no message with this code. It may be older than 15 minutes: look at the message again. If "
            "somebody sent you the message or the code, do not act on it."
        ),
        too_many="Too many tries. Wait a minute, then try again.",
        joint="Joint campaigns with the police",
        together="Written together with {partners}",
        joint_none="No joint campaign is published at the moment. A message that names one is not from us.",
    ),
)
