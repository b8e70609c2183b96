"""Whether a letter without machine-readable parts is a report of failed delivery.

A person who asks about such a report, or passes one on, is a person: words alone never decide. A machine shows by its
name, its empty return path or its headers; a transcript of the failure beside the words will do too.
"""

import re

from firstline.intake.reading.addresses import Address
from firstline.intake.reading.content import Body
from firstline.intake.reading.headers import Headers
from firstline.intake.reading.mime import Node

DAEMON_LOCAL = re.compile(
    r"(?i)^(mailer.?daemon|mail.?daemon|p+o+st.?ma+ster|mail\.?delivery\.?(sub)?system|mdaemon|bounces?|"
    r"mailerdaemon|daemon)([+.=_-].*)?$"
)
# Names that never belong to a person.
_NEVER_A_PERSON = re.compile(r"(?i)^(mailer.?daemon|mail.?daemon|mdaemon)([+.=_-].*)?$")
_DAEMON_NAME = re.compile(
    r"(?i)mailer[- ]?daemon|mail deliver|delivery (sub)?system|postmaster|system administrator|"
    r"mail(er)? system|\bNDR\b|"
    r"почтов\w+ (систем|демон|робот)|система доставки|mail-?zustell"
)
_MACHINE_LOCAL = re.compile(
    r"(?i)smtp|anti.?virus|gateway|mail[-_. ]?(service|system|server|admin)|system[-_. ]?administrator|exchange|"
    r"mta\b|"
    r"no.?reply|spam|firewall|quarantine|jetmail"
)
_SUBJECT = re.compile(
    r"(?i)undeliver|non-?deliver|delivery (status )?(notification|failure|problem|has failed|fail|error|warning|"
    r"report)|"
    r"deliver(y|ed)? fail|fail(ed|ure) (delivery|notice|mail)|"
    r"failure notice|returned mail|mail (delivery )?(failed|failure|error|system error|warning)|(could|"
    r"can) ?not be delivered|not delivered|returned e?mail|"
    r"delivery (of|has been) delay|delayed \d+ hours|still being retried|message (delivery|status|you sent blocked)|"
    r"returned to sender|message blocked|blocked by our|mail returned|could not send message|"
    r"non.?remis|remise (impossible|du message)|(échec|erreur) de (la )?(remise|livraison)|non distribu|"
    r"unzustellbar|nicht zugestellt|nicht zustellbar|zustellung|übermittlungsstatus|"
    r"não entregue|falha na entrega|não (foi|é) possível (a )?entreg|"
    r"no se (ha )?(puede|pudo|podido) entregar|no entregado|(error|fallo) (de|en la) entrega|"
    r"mancata consegna|non recapitabil|impossibile (recapitare|consegnare)|(recapito|consegna) non riuscit|"
    r"niedostarcz|nie (można|udało się) dostarczyć|zwrot wiadomości|onbestelbaar|niet bezorgd|bezorging (is )?mislukt|"
    r"не ?(удается|удалось|может быть|могло быть|было|был)? ?доставлен|недоставлен|не ?уда(ется|лось) доставить|"
    r"невозможно доставить|сбой доставки|ошибка (доставки|отправки)|невозможн\w+ доставк|возврат (письма|сообщения)|"
    r"(письмо|сообщение) (возвращено|не отправлено|отклонено)|доставка (задержана|не удалась|отложена)|"
    r"не вдалося доставити|не доставлено|недоставлен|помилка доставки|неможливо доставити|доставк\w+ (затримано|"
    r"не вдалася)|"
    r"недоставен|неуспешна доставка|върнато (писмо|съобщение)|доставката (е забавена|беше неуспешна)|"
    r"не може да бъде доставен|не може да бъде доставено|не бе(ше)? доставен|"
    r"error sending your mail|loop alert|delayed mail|delivery delayed|smtp server: errors from|"
    r"邮件(传输)?失败|退信|系统退信|配信|エラー"
)
_BODY = re.compile(
    r"(?i)(could|can) ?not be (delivered|sent)|unable to deliver|wasn't able to deliver|was not delivered|"
    r"were not delivered|not be delivered|not been delivered|has been postponed|"
    r"delivery (to the following|of your|has failed|failed|attempts|is delayed)|undeliverable|"
    r"permanent(ly)? (fatal )?(error|failure)|failed recipient|was blocked by|"
    r"(did not|didn't) (reach|exactly match)|failed (permanently|to deliver)|had permanent|could not deliver|"
    r"recipients? of your message|"
    r"(was|been) automatically rejected|has been returned|returned to (you|sender)|following address(es)?|"
    r"unknown user|user unknown|no such user|"
    r"mailbox (is )?(full|unavailable)|"
    r"will (keep|continue) trying|not yet (been )?delivered|delayed|ваше сообщение не|"
    r"не (было |может быть |могло быть |удалось |удается )?достав(ить|лен)|сбой доставки|не достигло|"
    r"не (вдалося|може бути|було) достав|не (можа|може|беше|бе) да бъде достав|не можа да бъде|не беше достав|"
    r"nicht (zugestellt|zustellbar)|nachrichtenzustellung|n'a pas (pu )?(été|être|etre) (remis|delivre|"
    r"délivré|distribué)|"
    r"la remise .{0,80}a échoué|no se (ha )?(puede|pudo|podido) entregar|"
    r"non (è stato |può essere )(possibile )?(consegnat|recapitat)|consegna .{0,80}non (è )?riuscit|"
    r"nie (można|udało się|został[ao]?) dostarcz|dostarczenie .{0,80}nie powiodło się|"
    r"kon niet worden (bezorgd|afgeleverd)|bezorging .{0,20}mislukt|não (pôde|foi) (ser )?(possível )?entreg|"
    r"falha na entrega|доставка .{0,80}(не удалась|отложена|неуспешна)|"
    r"smtp error|host or domain name not found|<<< ?[45]\d\d|"
    r"\b5\d\d[ -]5\.\d\.\d|cannot send message|"
    r"配信|エラー|送信できません|退回|不存在"
)
# A line of a transcript: an address and, on the same or the next line, a server's refusal.
_TRANSCRIPT = re.compile(
    r"(?im)^.{0,40}<?[\w.+=-]{1,64}@[\w.-]{1,120}>?.{0,80}(\r?\n.{0,80})?\b[45]\d\d\b|^[<>]{3} ?(rcpt|[45]\d\d)|"
    r"^reason: remote host said|smtp error code"
)
_PASSED_ON = re.compile(
    r"(?i)^\s*(\[[^\]]{1,40}\]\s*)?(fwd?|fw|re|aw|sv|wg|tr|пересл|пер|отв|ответ|ha|на|vs)\s*(\[\d+\])?\s*[:：]"
)
_GREETING = re.compile(
    r"(?i)^\s*(hello|hi|dear|good (morning|day|afternoon)|здравствуй|добр\w+ (день|утро|вечер)|коллеги|уважаем|"
    r"здравей|доброго|вітаю|шановн|hallo|guten (tag|morgen)|bonjour|hola|dzień dobry|buongiorno|goedendag|bom dia)"
)


def is_daemon(sender: Address | None, return_path: str | None) -> bool:
    """Whether a machine that delivers letters wrote this one."""
    if sender is None:
        return True
    if DAEMON_LOCAL.match(_local(sender)) or _DAEMON_NAME.search(sender.name):
        return True
    return return_path == ""


def reads_like_a_report(
    head: Headers, root: Node, body: Body, subject: str, sender: Address | None, return_path: str | None
) -> bool:
    """Whether the words, together with who says them, are a report of failed delivery."""
    if head.raw("x-failed-recipients"):
        return True
    text = body.text[:20_000]
    title = bool(_SUBJECT.search(subject))
    kind = root.parameters.get("report-type", (None, b""))[1].lower()
    if root.kind == "multipart/report" and kind in (b"", b"delivery-status"):
        return title or not body.text or _speaks_of_failure(text)
    if sender is None:
        written = head.text("from")
        return bool(_DAEMON_NAME.search(written) or not written.strip("<> \"'")) and (title or _speaks_of_failure(text))
    local = _local(sender)
    if DAEMON_LOCAL.match(local) or _DAEMON_NAME.search(sender.name):
        never_a_person = bool(_NEVER_A_PERSON.match(local)) and not _PASSED_ON.match(subject)
        return title or never_a_person or _speaks_of_failure(text)
    holds_original = any(part.content_type in ("message/rfc822", "text/rfc822-headers") for part in body.attachments)
    if _is_automatic(head, local, return_path):
        return (title or holds_original) and _speaks_of_failure(text)
    if not title or _PASSED_ON.match(subject) or _GREETING.match(text):
        return False
    named_machine = bool(_MACHINE_LOCAL.search(local) or _MACHINE_LOCAL.search(sender.name)) or not head.raw("from")
    if not (named_machine or holds_original or _TRANSCRIPT.search(text)):
        return False
    return _speaks_of_failure(text)


def _speaks_of_failure(text: str) -> bool:
    return bool(_BODY.search(text))


def _is_automatic(head: Headers, local: str, return_path: str | None) -> bool:
    return return_path == "" or head.text("auto-submitted").lower().startswith("auto-") or "reply" in local


def _local(sender: Address) -> str:
    return sender.email.rpartition("@")[0].strip('"')
