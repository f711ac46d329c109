"""Portuguese as written in Portugal and Macau; wants a native reader."""

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
    to="Para",
    network="Rede",
    memo="Memo",
    known_paid="Endereço a que pagou em {date}",
    known_saved="Endereço que guardou em {date}",
    known_received="Endereço que lhe pagou em {date}",
    entered_now="Introduzido agora",
    pair_reading="Começa por {head}. O meio, que é diferente, é {middle}. Termina em {tail}.",
    language="Língua",
    second_screen="A que deve estar atento",
    example="Um exemplo",
    signs="Sinais desta burla",
    preempt="O que podem dizer sobre esta mensagem",
    tips="Conselhos",
    resources="Onde perguntar ou denunciar",
    purpose_advice="Aconselhamento",
    purpose_report="Denunciar uma burla",
    purpose_emergency="Emergência",
    purpose_check="Consultar um número, um site ou uma conta",
    open_now="aberto agora",
    closed_now="fechado agora",
    hours_now="{hours}, {now}",
    new_window="abre numa nova janela",
    back="Voltar",
    second_step="Mais um passo",
    typing_label="Caracteres {first} a {last} do endereço",
    typing_pattern="O endereço deste levantamento",
    typing_missing="Escreva os {count} caracteres ou confirme que os comparou.",
    typing_differs=(
        "O endereço deste levantamento tem outros caracteres nesse lugar. Se os copiou de um endereço que acabou de "
        "obter de novo, trata-se de um endereço diferente. Pare e confira."
    ),
    error="Verifique, por favor",
    cannot_type="Não consigo escrever os caracteres",
    read_back=(
        "Obtive de novo o endereço junto do titular, ou na minha própria carteira, e comparei todos os caracteres um "
        "a um. São iguais."
    ),
    optional="Não precisa de responder.",
    cancelled="Escolheu não enviar",
    continued="Escolheu continuar",
    reported="Obrigado por nos dizer",
    reported_text=(
        "Registámos que considera isto uma burla. Se o dinheiro ou os dados da conta já saíram, ligue agora para o "
        "seu banco e para a polícia. Marque o número por si."
    ),
    still_open="Mudou de ideias? Enquanto o dinheiro não sair, ainda pode parar.",
    return_to="Voltar a {operator}",
    close="Pode fechar esta página.",
    gone="Não é possível mostrar esta página",
    gone_text=(
        "O link está incompleto ou já não é válido. Abra {operator} por si, não através de um link de "
        "outra pessoa, e veja aí o seu levantamento. Se tem dúvidas sobre enviar dinheiro, espere e pergunte a alguém "
        "de confiança."
    ),
    away="Não foi possível guardar a sua escolha",
    away_text="Nada mudou. Volte atrás e tente de novo dentro de um minuto.",
    waiting=WaitingWords(
        hold_headline="O seu levantamento está em espera",
        hold_until=(
            "Pediu para enviar {amount} {asset}. Nada sai antes de {until}. O seu dinheiro continua na sua conta."
        ),
        hold_over=(
            "O tempo de espera terminou e nada foi enviado. Se ainda quiser enviar {amount} {asset}, inicie de novo o "
            "levantamento; voltaremos a perguntar."
        ),
        over_headline="O tempo de espera terminou",
        released_headline="Pode começar de novo",
        released_text=(
            "Uma pessoa da nossa equipa viu este pedido, e a espera terminou mais cedo. Nada foi enviado. Se ainda "
            "quiser enviar {amount} {asset}, inicie de novo o levantamento; voltaremos a perguntar."
        ),
        lapsed_headline="Esta mensagem é sobre um pedido anterior",
        lapsed_text=(
            "Esse pedido já não conta. Se ainda quiser enviar {amount} {asset}, inicie de novo o levantamento; "
            "voltaremos a perguntar. Se já o iniciou de novo, veja a mensagem mais recente."
        ),
        ended_headline="Este levantamento foi interrompido",
        sent_headline="Este dinheiro saiu da sua conta",
        sent_text="{amount} {asset} saíram da sua conta e já não podemos interromper o envio.",
        sent_help=(
            "Se é como pretendia, não tem de fazer nada. Se algo parecer errado, não envie mais nada e diga-nos: "
            "mostramos o que ajuda agora."
        ),
        hold_person="Pediu para enviar {amount} {asset}. O pedido espera até que alguém da nossa equipa fale consigo.",
        reason_protection=(
            "Porquê: para proteger os clientes, deixamos alguns levantamentos em espera, para que haja tempo de pensar "
            "e de perguntar a alguém. Nada diz sobre si."
        ),
        reason_account="Porquê: para proteger a sua conta.",
        meanwhile=(
            "- Fale com alguém que nada tenha a ver com este pagamento.\n"
            "- Não deixe que ninguém faça pressão, veja o seu ecrã ou lhe diga o que responder.\n"
            "- No fim, nada é enviado automaticamente. A decisão volta a ser sua."
        ),
        refer_headline="Fale primeiro connosco",
        refer_text=(
            "Pediu para enviar {amount} {asset}. O pedido espera até que alguém da nossa equipa fale consigo. O seu "
            "dinheiro continua na sua conta."
        ),
        refer_call=(
            "Estamos a ligar para o número da sua conta. Quem liga diz o código abaixo antes de mais nada. Se não o "
            "disser, ou se for outro, desligue."
        ),
        refer_call_elsewhere=(
            "Estamos a ligar para o número da sua conta. Quem liga diz primeiro o código que a nossa aplicação "
            "mostra. Se não o disser, ou se for outro, desligue."
        ),
        call_code="Código de quem liga",
        account_headline="Este levantamento está em espera",
        account_text="{amount} {asset} não foram enviados. Entraremos em contacto consigo.",
        account_until="{amount} {asset} não foram enviados. Nada sai antes de {until}.",
        block_headline="Não é possível fazer este levantamento",
        block_text=(
            "Não podemos enviar {amount} {asset} para este endereço. Temos de seguir as regras que se aplicam ao nosso "
            "serviço. O seu dinheiro continua na sua conta.\n\nSe tiver perguntas, escreva ao apoio ao cliente dentro "
            "da aplicação."
        ),
        cancel="Cancelar este levantamento",
        stopped="O seu dinheiro continua na sua conta. Nada foi enviado.",
        appeal="Quero que uma pessoa reveja isto",
        appeal_done="Pediu que uma pessoa reveja isto. Registámos o pedido. Até lá, o levantamento espera.",
        call_me="Liguem-me mais tarde",
        call_me_done=(
            "Pediu uma chamada. Usamos o número da sua conta. Nunca lhe pedimos que envie dinheiro, dê códigos ou "
            "instale programas."
        ),
    ),
    ask=AskWords(
        title="Algumas perguntas breves",
        intro=(
            "Ajudam-nos a mostrar o que se aplica ao seu caso. Responda tal como é; quem vai receber o dinheiro não vê "
            "as respostas."
        ),
        next="Seguinte",
        not_sure="Não tenho a certeza",
        prefer_not_to_say="Prefiro não responder",
        missing="Escolha uma resposta. «Prefiro não responder» é uma delas.",
        questions={
            "origin": QuestionWords(
                "De onde veio este endereço?",
                {
                    "own_wallet": "Da minha carteira ou conta",
                    "known_in_person": "De alguém que conheço pessoalmente",
                    "known_online": "De alguém, um grupo ou um site que só conheço da internet",
                    "told_by_authority": "Da polícia, de um banco ou de uma empresa",
                },
            ),
            "on_call": QuestionWords("Há alguém em chamada consigo ou a ver este ecrã?", {"yes": "Sim", "no": "Não"}),
            "money_back": QuestionWords(
                "Já trouxe dinheiro de lá para o seu banco?",
                {
                    "large_part": "Sim, uma grande parte",
                    "a_little": "Um pouco",
                    "fee_first": "Pediram primeiro uma taxa",
                    "never_tried": "Nunca tentei",
                    "own_wallet": "É a minha própria carteira",
                },
            ),
            "coached": QuestionWords(
                "Alguém lhe disse o que responder, ou que não contasse a ninguém?", {"yes": "Sim", "no": "Não"}
            ),
        },
        sharing_headline="Termine primeiro a partilha de ecrã",
        sharing_text=(
            "Outra pessoa pode estar a ver ou a usar este aparelho. Termine a partilha de ecrã e a ajuda à distância e "
            "feche o programa.\n\nDepois abra por si a aplicação noutro aparelho e comece de novo. Nada foi "
            "enviado."
        ),
    ),
    help=HelpWords(
        link="Acho que isto é uma burla",
        title="Se acha que isto é uma burla",
        first="Nos próximos dez minutos",
        steps=(
            "Não envie mais nada, nem sequer uma taxa ou um imposto.",
            "Termine a chamada e a conversa. Não deve resposta a ninguém.",
            "Termine a partilha de ecrã e remova os programas que lhe pediram para instalar.",
            "Se deu uma palavra-passe ou um código, mude-os noutro aparelho.",
            "Se o dinheiro já saiu, ligue agora para o seu banco e para a polícia. Procure os números por si.",
            "Guarde mensagens, endereços e recibos. Não apague nada.",
        ),
        tell="Depois, diga-nos",
        tell_intro="Isto interrompe de imediato o levantamento. Qualquer campo pode ficar vazio.",
        tell_sent=(
            "Já não podemos interromper este levantamento. O que nos disser entra no relatório para a polícia. "
            "Qualquer campo pode ficar vazio."
        ),
        txid="Identificador da transação do dinheiro que já saiu",
        txid_hint="Texto longo de letras e algarismos, na sua lista de levantamentos",
        site="O site, nome ou número deles",
        site_hint="Tal como o conhece",
        how="Como entraram em contacto consigo?",
        how_options={
            "social_media": "Redes sociais ou um grupo",
            "messenger": "Mensagem",
            "phone": "Telefone",
            "dating": "Aplicação de encontros",
            "advert": "Anúncio ou site",
            "in_person": "Pessoalmente",
            "other": "De outra forma",
        },
        send="Interromper e avisar {operator}",
        send_sent="Avisar {operator}",
        send_answer="Enviar esta resposta",
        thanks="Obrigado. A sua resposta ficou registada.",
        aftercare="O que pode vir a seguir",
        aftercare_text=(
            "Alguém pode oferecer-se para trazer o seu dinheiro de volta: um advogado, um perito, um serviço. Primeiro "
            "pedem uma taxa, um código ou acesso. É uma segunda burla; não lhe dê seguimento.\n\n"
            "O que aconteceu nada diz sobre si. Conte-o hoje a alguém de confiança."
        ),
        download="Relatório para a polícia (texto)",
        download_pdf="Relatório para a polícia (PDF)",
    ),
    report_words=ReportWords(
        title="Relatório de burla com um levantamento de criptoativos",
        statement="Escrito pelo cliente com dados do serviço. Tudo o que tem * são palavras do próprio cliente.",
        made_at="Data deste relatório",
        operator="Serviço",
        reference="Referência no serviço",
        requested_at="Levantamento pedido em",
        amount="Montante",
        worth="Valor aproximado",
        network="Rede",
        destination="Endereço de destino",
        memo="Memo",
        status="Resultado",
        stopped="Interrompido pela denúncia do cliente",
        not_stopped="Não se sabe se foi interrompido",
        sent="Já enviado; não foi interrompido",
        txid="Identificador da transação *",
        how="Forma de contacto *",
        site="Site, nome ou número *",
        name="Nome e contacto do cliente *",
        words="O que aconteceu, nas palavras do cliente *",
        unknown="não indicado",
    ),
    verify=VerifyWords(
        code="Código desta mensagem",
        code_text=(
            "Esta mensagem é de {operator}? Abra o nosso site escrevendo o endereço, acrescente /verify e introduza "
            "este código. É válido até {until}. Depois disso, volte a abrir esta página para obter um novo código."
        ),
        title="Esta mensagem é verdadeira?",
        never=(
            "Quem ligar da nossa parte ou da polícia não lhe pede que envie dinheiro, dê códigos ou instale programas."
        ),
        intro=(
            "Todas as mensagens deste tipo mostram um código. Introduza-o aqui. Venha a esta página apenas escrevendo "
            "o endereço; não use um link que lhe tenham enviado."
        ),
        label="Código da mensagem",
        check="Conferir o código",
        genuine=(
            "{operator} mostrou uma mensagem com este código nos últimos 15 minutos. Se alguém lhe leu ou enviou o "
            "código, isso nada diz sobre essa pessoa."
        ),
        unknown=(
            "Não conhecemos nenhuma mensagem com este código. Pode ter mais de 15 minutos: veja de novo a mensagem. Se "
            "alguém lhe enviou a mensagem ou o código, não os siga."
        ),
        too_many="Demasiadas tentativas. Espere um minuto e tente de novo.",
        joint="Campanhas conjuntas com a polícia",
        together="Escrito em conjunto com {partners}",
        joint_none="De momento não há nenhuma campanha conjunta publicada. Uma mensagem que refira uma não é nossa.",
    ),
)
