"""Malay as written in Singapore and Malaysia; wants a native reader."""

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
    to="Kepada",
    network="Rangkaian",
    memo="Memo",
    known_paid="Alamat yang anda bayar pada {date}",
    known_saved="Alamat yang anda simpan pada {date}",
    known_received="Alamat yang membayar anda pada {date}",
    entered_now="Dimasukkan sekarang",
    pair_reading="Bermula dengan {head}. Bahagian tengah yang berbeza ialah {middle}. Berakhir dengan {tail}.",
    language="Bahasa",
    second_screen="Perkara yang perlu diperhatikan",
    example="Satu contoh",
    signs="Tanda-tanda penipuan ini",
    preempt="Apa yang mungkin mereka kata tentang mesej ini",
    tips="Petua",
    resources="Tempat bertanya atau membuat laporan",
    purpose_advice="Nasihat",
    purpose_report="Laporkan penipuan",
    purpose_emergency="Kecemasan",
    purpose_check="Semak nombor, laman web atau akaun",
    open_now="dibuka sekarang",
    closed_now="ditutup sekarang",
    hours_now="{hours}, {now}",
    new_window="dibuka dalam tetingkap baharu",
    back="Kembali",
    second_step="Satu langkah lagi",
    typing_label="Aksara {first} hingga {last} bagi alamat itu",
    typing_pattern="Alamat dalam pengeluaran ini",
    typing_missing="Taip {count} aksara itu, atau sahkan bahawa anda telah membandingkannya.",
    typing_differs=(
        "Alamat dalam pengeluaran ini mempunyai aksara lain di situ. Jika anda menaipnya daripada alamat yang baru "
        "anda "
        "dapatkan semula, ini ialah alamat yang berbeza. Berhenti dan semak."
    ),
    error="Sila semak",
    cannot_type="Saya tidak dapat menaip aksara itu",
    read_back=(
        "Saya telah mendapatkan semula alamat itu daripada pemiliknya, atau daripada dompet saya sendiri, dan "
        "membandingkan semua aksara satu demi satu. Semuanya sama."
    ),
    optional="Anda tidak perlu menjawab.",
    cancelled="Anda memilih untuk tidak menghantar",
    continued="Anda memilih untuk meneruskan",
    reported="Terima kasih kerana memberitahu kami",
    reported_text=(
        "Kami telah merekodkan bahawa anda rasa ini satu penipuan. Jika wang atau butiran akaun sudah keluar, hubungi "
        "bank anda dan polis sekarang. Dail sendiri nombornya."
    ),
    still_open="Berubah fikiran? Selagi wang belum keluar, anda masih boleh berhenti.",
    return_to="Kembali ke {operator}",
    close="Anda boleh menutup halaman ini.",
    gone="Halaman ini tidak dapat dipaparkan",
    gone_text=(
        "Pautan tidak lengkap atau tidak lagi sah. Buka sendiri {operator}, bukan melalui pautan daripada orang lain, "
        "dan lihat pengeluaran anda di sana. Jika anda tidak pasti sama ada mahu menghantar wang, tunggu dan tanya "
        "seseorang yang anda percayai."
    ),
    away="Pilihan anda tidak dapat disimpan",
    away_text="Tiada apa-apa berubah. Sila kembali dan cuba lagi sebentar nanti.",
    waiting=WaitingWords(
        hold_headline="Pengeluaran anda sedang menunggu",
        hold_until=(
            "Anda meminta untuk menghantar {amount} {asset}. Tiada apa-apa keluar sebelum {until}. Wang anda kekal "
            "dalam akaun anda."
        ),
        hold_over=(
            "Masa menunggu telah tamat dan tiada apa-apa dihantar. Jika anda masih mahu menghantar {amount} {asset}, "
            "mulakan semula pengeluaran; kami akan bertanya sekali lagi."
        ),
        over_headline="Masa menunggu telah tamat",
        released_headline="Anda boleh bermula semula",
        released_text=(
            "Kakitangan kami telah melihat permintaan ini, dan masa menunggu tamat lebih awal. Tiada apa-apa dihantar. "
            "Jika anda masih mahu menghantar {amount} {asset}, mulakan semula pengeluaran; kami akan bertanya sekali "
            "lagi."
        ),
        lapsed_headline="Mesej ini tentang permintaan terdahulu",
        lapsed_text=(
            "Permintaan itu tidak lagi terpakai. Jika anda masih mahu menghantar {amount} {asset}, mulakan semula "
            "pengeluaran; kami akan bertanya sekali lagi. Jika anda sudah memulakannya semula, lihat mesej yang lebih "
            "baharu."
        ),
        ended_headline="Pengeluaran ini telah dihentikan",
        sent_headline="Wang ini telah keluar daripada akaun anda",
        sent_text="{amount} {asset} telah keluar daripada akaun anda dan kami tidak lagi dapat menghentikannya.",
        sent_help=(
            "Jika ini seperti yang anda mahu, tiada apa-apa perlu dibuat. Jika ada yang tidak kena, jangan hantar "
            "apa-apa lagi dan beritahu kami: kami tunjukkan apa yang membantu sekarang."
        ),
        hold_person=(
            "Anda meminta untuk menghantar {amount} {asset}. Permintaan ini menunggu sehingga kakitangan kami bercakap "
            "dengan anda."
        ),
        reason_protection=(
            "Sebab: untuk melindungi pelanggan, kami membiarkan sesetengah pengeluaran menunggu, supaya ada masa untuk "
            "berfikir dan bertanya kepada seseorang. Ini bukan tentang diri anda."
        ),
        reason_account="Sebab: untuk melindungi akaun anda.",
        meanwhile=(
            "- Bercakaplah dengan seseorang yang tiada kaitan dengan pembayaran ini.\n"
            "- Jangan biarkan sesiapa mendesak anda, melihat skrin anda atau memberitahu anda apa yang perlu dijawab.\n"
            "- Pada akhirnya tiada apa-apa dihantar dengan sendiri. Anda yang membuat keputusan semula."
        ),
        refer_headline="Sila bercakap dengan kami dahulu",
        refer_text=(
            "Anda meminta untuk menghantar {amount} {asset}. Permintaan ini menunggu sehingga kakitangan kami bercakap "
            "dengan anda. Wang anda kekal dalam akaun anda."
        ),
        refer_call=(
            "Kami sedang menghubungi nombor dalam akaun anda. Pemanggil menyebut kod di bawah sebelum perkara lain. "
            "Jika kod itu tidak disebut atau salah, letakkan telefon."
        ),
        refer_call_elsewhere=(
            "Kami sedang menghubungi nombor dalam akaun anda. Pemanggil menyebut dahulu kod yang ditunjukkan "
            "dalam aplikasi kami. Jika kod itu tidak disebut atau salah, letakkan telefon."
        ),
        call_code="Kod pemanggil",
        account_headline="Pengeluaran ini sedang menunggu",
        account_text="{amount} {asset} belum dihantar. Kami akan menghubungi anda tentangnya.",
        account_until="{amount} {asset} belum dihantar. Tiada apa-apa keluar sebelum {until}.",
        block_headline="Pengeluaran ini tidak dapat dibuat",
        block_text=(
            "Kami tidak dapat menghantar {amount} {asset} ke alamat ini. Kami perlu mematuhi peraturan yang terpakai "
            "bagi perkhidmatan kami. Wang anda kekal dalam akaun anda.\n\nJika anda ada soalan, tulis kepada khidmat "
            "pelanggan kami melalui aplikasi."
        ),
        cancel="Batalkan pengeluaran ini",
        stopped="Wang anda kekal dalam akaun anda. Tiada apa-apa dihantar.",
        appeal="Saya mahu kakitangan menyemaknya",
        appeal_done="Anda meminta supaya kakitangan menyemaknya. Kami telah merekodkannya. Pengeluaran terus menunggu.",
        call_me="Hubungi saya kemudian",
        call_me_done=(
            "Anda meminta panggilan. Kami menggunakan nombor dalam akaun anda. Kami tidak pernah meminta anda "
            "menghantar "
            "wang, memberi kod atau memasang perisian."
        ),
    ),
    ask=AskWords(
        title="Beberapa soalan ringkas",
        intro=(
            "Jawapan anda membantu kami memaparkan perkara yang sesuai. Jawab seperti keadaan sebenar; penerima wang "
            "tidak melihatnya."
        ),
        next="Seterusnya",
        not_sure="Tidak pasti",
        prefer_not_to_say="Tidak mahu menjawab",
        missing="Pilih satu jawapan. “Tidak mahu menjawab” juga satu pilihan.",
        questions={
            "origin": QuestionWords(
                "Dari mana datangnya alamat ini?",
                {
                    "own_wallet": "Dompet atau akaun saya sendiri",
                    "known_in_person": "Seseorang yang saya kenal secara bersemuka",
                    "known_online": "Seseorang, kumpulan atau laman yang saya kenal dalam talian sahaja",
                    "told_by_authority": "Polis, bank atau syarikat memberitahu saya",
                },
            ),
            "on_call": QuestionWords(
                "Adakah sesiapa sedang bercakap dengan anda di telefon atau melihat skrin ini?",
                {"yes": "Ya", "no": "Tidak"},
            ),
            "money_back": QuestionWords(
                "Pernahkah anda memindahkan wang dari sana ke bank anda?",
                {
                    "large_part": "Ya, sebahagian besar",
                    "a_little": "Sedikit",
                    "fee_first": "Mereka meminta bayaran dahulu",
                    "never_tried": "Tidak pernah mencuba",
                    "own_wallet": "Itu dompet saya sendiri",
                },
            ),
            "coached": QuestionWords(
                "Adakah sesiapa memberitahu anda jawapan, atau meminta anda merahsiakannya?",
                {"yes": "Ya", "no": "Tidak"},
            ),
        },
        sharing_headline="Tamatkan perkongsian skrin dahulu",
        sharing_text=(
            "Orang lain mungkin dapat melihat atau menggunakan peranti ini. Sila tamatkan perkongsian skrin dan "
            "bantuan "
            "jarak jauh, dan tutup program itu.\n\nKemudian buka sendiri aplikasi pada peranti lain dan mulakan "
            "semula. "
            "Tiada apa-apa dihantar."
        ),
    ),
    help=HelpWords(
        link="Saya rasa saya sedang ditipu",
        title="Jika anda rasa ini satu penipuan",
        first="Dalam sepuluh minit yang akan datang",
        steps=(
            "Jangan hantar apa-apa lagi, walaupun bayaran atau cukai.",
            "Tamatkan panggilan dan sembang. Anda tidak perlu menjawab sesiapa.",
            "Tamatkan perkongsian skrin, dan buang program yang anda diminta pasang.",
            "Jika anda telah memberi kata laluan atau kod, tukarkannya pada peranti lain.",
            "Jika wang sudah keluar, hubungi bank anda dan polis sekarang. Cari sendiri nombornya.",
            "Simpan mesej, alamat dan resit. Jangan padam apa-apa.",
        ),
        tell="Kemudian beritahu kami",
        tell_intro="Ini menghentikan pengeluaran serta-merta. Setiap ruang boleh dibiarkan kosong.",
        tell_sent=(
            "Kami tidak lagi dapat menghentikan pengeluaran ini. Apa yang anda beritahu dimasukkan ke dalam laporan "
            "untuk polis. Setiap ruang boleh dibiarkan kosong."
        ),
        txid="ID transaksi bagi wang yang sudah keluar",
        txid_hint="Teks panjang huruf dan angka, dalam senarai pengeluaran anda",
        site="Laman, nama atau nombor mereka",
        site_hint="Seperti yang anda tahu",
        how="Bagaimanakah mereka menghubungi anda?",
        how_options={
            "social_media": "Media sosial atau kumpulan",
            "messenger": "Mesej",
            "phone": "Panggilan telefon",
            "dating": "Aplikasi temu janji",
            "advert": "Iklan atau laman web",
            "in_person": "Secara bersemuka",
            "other": "Cara lain",
        },
        send="Hentikan dan beritahu {operator}",
        send_sent="Beritahu {operator}",
        send_answer="Hantar jawapan ini",
        thanks="Terima kasih. Jawapan anda telah direkodkan.",
        aftercare="Apa yang mungkin berlaku selepas ini",
        aftercare_text=(
            "Seseorang mungkin menawarkan diri untuk membawa balik wang anda: peguam, pakar atau pejabat. Mereka "
            "meminta "
            "bayaran, kod atau akses dahulu. Ini penipuan kedua; biarkan sahaja.\n\n"
            "Apa yang berlaku bukan salah anda. Ceritakan hari ini kepada seseorang yang anda percayai."
        ),
        download="Laporan untuk polis (teks)",
        download_pdf="Laporan untuk polis (PDF)",
    ),
    report_words=ReportWords(
        title="Laporan penipuan dengan pengeluaran kripto",
        statement="Ditulis oleh pelanggan dengan data perkhidmatan. Semua yang bertanda * ialah kata-kata pelanggan.",
        made_at="Laporan ini dibuat pada",
        operator="Perkhidmatan",
        reference="Rujukan perkhidmatan",
        requested_at="Pengeluaran diminta pada",
        amount="Jumlah",
        worth="Anggaran nilai",
        network="Rangkaian",
        destination="Alamat penerima",
        memo="Memo",
        status="Keputusan",
        stopped="Dihentikan oleh laporan pelanggan",
        not_stopped="Tidak diketahui sama ada telah dihentikan",
        sent="Sudah dihantar; tidak dihentikan",
        txid="ID transaksi *",
        how="Cara dihubungi *",
        site="Laman, nama atau nombor *",
        name="Nama dan cara menghubungi pelanggan *",
        words="Apa yang berlaku, dalam kata-kata pelanggan *",
        unknown="tidak diberikan",
    ),
    verify=VerifyWords(
        code="Kod mesej ini",
        code_text=(
            "Adakah mesej ini daripada {operator}? Buka laman web kami dengan menaip alamatnya, tambah /verify, dan "
            "masukkan kod ini. Kod ini sah sehingga {until}. Selepas itu, buka halaman ini semula untuk kod baharu."
        ),
        title="Adakah mesej ini benar?",
        never=(
            "Pemanggil daripada kami atau polis tidak akan meminta anda menghantar wang, memberi kod atau "
            "memasang perisian."
        ),
        intro=(
            "Setiap mesej seperti ini memaparkan kod. Masukkannya di sini. Datang ke halaman ini hanya dengan menaip "
            "alamatnya; jangan gunakan pautan yang dihantar kepada anda."
        ),
        label="Kod mesej",
        check="Semak kod",
        genuine=(
            "{operator} memaparkan mesej dengan kod ini dalam 15 minit yang lalu. Jika seseorang membacakan atau "
            "menghantar kod itu kepada anda, ia tidak bermakna orang itu boleh dipercayai."
        ),
        unknown=(
            "Kami tidak mengenali mesej dengan kod ini. Kod itu mungkin lebih lama daripada 15 minit: lihat semula "
            "mesej "
            "itu. Jika seseorang menghantar mesej atau kod itu kepada anda, jangan ikut."
        ),
        too_many="Terlalu banyak percubaan. Tunggu seminit, kemudian cuba lagi.",
        joint="Kempen bersama polis",
        together="Ditulis bersama {partners}",
        joint_none=(
            "Tiada kempen bersama diumumkan buat masa ini. Mesej yang menyebut kempen seperti itu bukan daripada kami."
        ),
    ),
)
