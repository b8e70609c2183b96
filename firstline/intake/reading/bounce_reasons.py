"""The words of mail servers, sorted into reasons. First match wins: what is said most exactly stands first.

The words are those of the servers' own sources and manuals (Postfix, Exim, Sendmail, qmail, Exchange) and of the big
receivers.
"""

import re

HARD = frozenset({"userunknown", "hostunknown", "notaccept", "hasmoved"})

# reason → number in the unused range x.0.9nn
_NUMBERS = """
onhold 901  undefined 900  syntaxerror 902  norelaying 909  filtered 910  userunknown 911  hostunknown 912
hasmoved 916  rejected 918  suspend 921  mailboxfull 922  exceedlimit 923  systemerror 930  systemfull 931
notaccept 932  mesgtoobig 934  mailererror 939  networkerror 944  toomanyconn 945  speeding 945  expired 947
contenterror 960  securityerror 970  blocked 971  virusdetected 971  policyviolation 972  requireptr 973
notcompliantrfc 974  badreputation 975  authfailure 970  spamdetected 980  delivered 0
""".split()  # noqa: SIM905 a table reads better than quoted words
_NUMBER = {name: int(number) for name, number in zip(_NUMBERS[::2], _NUMBERS[1::2], strict=True)}

_FOREIGN_UNKNOWN = (
    r"нет такого|такого (пользователя|адреса|ящика) нет|не существует|не найден|не зарегистрирован|не обнаружен|"
    r"не (указан|значится) в |неизвестн\w+ (пользовател|получател|адресат)|"
    r"не існує|не (було )?знайдено|немає такого|невідом\w+ (користувач|одержувач|отримувач)|не зареєстрован|"
    r"няма такъв|не съществува|не (беше|бе|е) (намерен|открит)|непознат (потребител|получател)|"
    r"unbekannt|existiert nicht|nicht gefunden|inconnue?\b|n'existe pas|introuvable|destinataire invalide|"
    r"desconocid|no existe|no (se )?(ha )?encontr|sconosciut|inesistent|non esiste|non (è stato )?trovat|"
    r"nieznan|nie istnieje|nie (został )?znalezion|onbekend|bestaat niet|niet gevonden|"
    r"desconhecid|não existe|não (foi )?encontrad|inexistente|宛先不明|存在しません|不存在|用户未找到"
)
_FOREIGN_FULL = (
    r"переполнен|переповнен|препълнен|(превышен|превышена|превишен\w+|надвишен\w+|перевищен\w*) \w*\s?(квот|лимит|"
    r"ліміт)|"
    r"закончилось место|postfach .{0,20}voll|speicherplatz .{0,30}(erschöpft|überschritten)|boîte .{0,30}(pleine|"
    r"saturée)|"
    r"buzón .{0,20}lleno|casella .{0,20}piena|skrzynka .{0,20}pełna|postvak .{0,10}vol\b|caixa .{0,30}cheia|容量"
)
_WORDS: tuple[tuple[str, str], ...] = (
    ("mailererror", r"procmail: couldn't create|5\.3\.0.{0,80}mailer error|mailer error"),
    (
        "networkerror",
        r"malformed or unexpected name server reply|host ?name lookup fail|dns soft error|"
        r"unable to reach name ?server",
    ),
    (
        "expired",
        r"did not accept our requests to connect|in the queue too long|not going to try again|(host|"
        r"server) is not responding|retry timeout exceeded(?!.*full)|"
        r"message expired|expired, message|could not be delivered for|unable to deliver in \d+ minutes",
    ),
    (
        "rejected",
        r"domain of sender|sender address rejected|"
        r"sender('s)? (address )?(domain )?(\S{1,80} )?(does not|doesn't) (exist|resolve)|"
        r"only accepts messages from|allowed senders list|resolver\.rst\.|"
        r"google groups|groups\.google\.com/(support|a/)|address that has been blacklisted|not (a )?member of|"
        r"only members|subscribers only|moderat",
    ),
    (
        "mailboxfull",
        r"over (the )?(allowed )?quota|overquota|quota exceeded|exceeded (storage|the mailbox|his|its|their)|"
        r"(mail ?box|mail ?folder|inbox|mailfolder)"
        r"( of \S+)?( is| was| size)?( currently)? (full|over|limit|exceed)|out of (disk ?)?space for|"
        r"disk ?quota|quota (has been|is|was)? ?(full|reached|violation)|"
        r"maildir (delivery failed: )?(user|domain)? ?(disk quota|over quota)|storage (limit|quota)|"
        r"user is over|account is (full|over)|"
        r"mailbox (has )?exceed|has (too many messages|exceeded)|insufficient (disk|mailbox) space|"
        r"not enough (storage|disk|space)|"
        rf"{_FOREIGN_FULL}|full mailbox|mailbox full|exceeds? (its |the )?(allocated|mailbox) (storage|quota|size)|"
        r"user.{1,40} has too many",
    ),
    (
        "systemfull",
        r"insufficient system storage|no space left on device|mail system full|"
        r"requested mail action aborted: exceeded storage",
    ),
    (
        "mesgtoobig",
        r"message (size|is|was|file)( \S+)? ?(too (big|large)|exceed|larger)|size (of the message )?exceeds|"
        r"message header size|too large|exceeds? (the )?(maximum|fixed|size)"
        r".{0,30}(message )?(size|limit)|maximum message size|message length|max message size",
    ),
    (
        "authfailure",
        r"\bdmarc\b|\bdkim\b|\bspf\b|sender policy framework|sender id|not (pass|authenticated).{0,30}(spf|"
        r"dkim)|unauthenticated (e?mail|sender)|authentication (checks|information)|"
        r"5\.7\.2[0-9]|5\.7\.509|5\.7\.515|arc (validation|failed)",
    ),
    (
        "requireptr",
        r"reverse (dns|lookup|hostname|mapping|name)|\bptr\b|\brdns\b|ip name lookup|(find|"
        r"resolve) your (reverse )?host ?name|client host rejected: cannot find|"
        r"hostname (lookup|verification)|no matching dns|fix reverse|unresolvable|missing (in|reverse)|"
        r"5\.7\.25|name lookup failed for",
    ),
    ("badreputation", r"reputation|poor sender|senderbase|sender score|low (sending )?score|talosintelligence"),
    ("virusdetected", r"virus|malware|infected|blocked attachment|worm"),
    (
        "spamdetected",
        r"\bspam\b(?!haus|cop)|spam ?(content|message|score|detected|like)|considered (to be )?(unsolicited|"
        r"spam|bulk)|unsolicited|looks like spam|classified as|junk|"
        r"message (was )?(scored|rejected as)|high(ly)? likely|spamassassin|bayes|content (filter|of message)|"
        r"contains? (a )?(spam|blocked|url)",
    ),
    (
        "speeding",
        r"too (many|much) (messages|mail|emails|mails)|rate (limit|has been)|throttl|sending (too )?(fast|"
        r"rate)|exceeded (the )?(rate|sending|maximum number of (messages|recipients))|"
        r"receiving mail (at a|too)|message rate|messages? (per|an) (hour|minute|day)|excessive|4\.7\.28|"
        r"rate control",
    ),
    (
        "toomanyconn",
        r"too many (concurrent|connection|simultaneous|sessions|smtp)|connections? (rate|limit|from|exceeded)|"
        r"concurren|connection (rate|count)|all available ips|max(imum)? connection|"
        r"connect rate|domain has exceeded the max",
    ),
    ("exceedlimit", r"too many (recipients|hops)|recipient limit|message limit|exceed.{0,20}limit"),
    (
        "norelaying",
        r"relay(ing)? (access )?(denied|not|is not|prohibited|disallowed)|not (allowed|permitted) to relay|"
        r"(unable|refus|cannot) (to )?relay|not a gateway|no relaying|"
        r"relay (from|prohibited|not)|(not|isn't) (a )?(local|allowed) ?(domain|rcpthosts)?.{0,30}(relay|"
        r"rcpthosts)|sender.{0,40}not local|that domain isn't in my list|we do not relay|"
        r"insecure mail relay|mail relay|open relay|5\.7\.64",
    ),
    (
        "hasmoved",
        r"has (been )?(moved|replaced)|address (has )?changed|new (e-?mail )?address|recipient has moved|"
        r"no longer at this",
    ),
    (
        "hostunknown",
        r"host (or domain name )?(not found|unknown|is unknown)|(unknown|unrouteable|unroutable|nonexistent|"
        r"non-existent|invalid|bad) (mail )?(domain|host)|"
        r"(domain|host ?name|host)( name)? (\S{1,80} )?(does not exist|doesn't exist|not exist|must resolve|"
        r"not found)|\b[\w-]{1,63}(\.[\w-]{1,63}){1,5} does not exist|no such (domain|host)|name service error|"
        r"host unknown|unrouteable (mail )?domain|couldn't find any host|can(no|')t find (any )?host|nxdomain|"
        r"all relevant mx records point to non|illegal host/domain|domain is not reachable|"
        r"mail server for .{1,60} (unreachable|not found)|hostname unknown|domain (mentioned|syntax)|"
        r"recipient address rejected: (unknown|domain)|"
        r"dns error.{0,20}domain name not found|has no a record",
    ),
    (
        "notaccept",
        r"no mx (or a |record)|mail exchanger|(does not|doesn't|do not|don't|not) accept(ing)? (any )?(mail|"
        r"e-?mail|messages|smtp)|null ?mx|does not receive (mail|e-?mail)|smtp protocol (not|is not) (accept|"
        r"supported)|"
        r"host/domain does not accept mail|5\.1\.10 .{0,20}null|no smtp service|does not allow (mail|"
        r"connections)|mail receiving disabled|invalid domain, see|^556",
    ),
    (
        "suspend",
        r"(user|account|mailbox|recipient|e-?mail account|address|mail ?address)( \S{1,80}){0,6}? ?(suspend|"
        r"disabl|inactive|deactivat|discontinued|expired|locked|frozen|terminated|temporarily unavailable|"
        r"not active|closed)|"
        r"(suspended|disabled|inactive|discontinued|deactivated|invalid/inactive) (user|account|mailbox|"
        r"e-?mail|address|recipient)|"
        r"delivery (not authorized|has been suspended)|account (has been )?(temporarily )?(suspend|disabl|"
        r"inactiv)|mailbox (temporarily )?(disabled|is inactive|unavailable.{0,20}suspend)|"
        r"временно (заблокирован|недоступен)|заблокирован|inactive for over|no longer (receives|accept|active|"
        r"in use)|vacation|sender's account",
    ),
    (
        "rejected",
        r"sender (address )?(rejected|denied|blocked|verify failed|is not|address is|domain|not)|(bad|invalid|"
        r"unknown) sender|sender rejected|"
        r"(domain of )?sender( address)?( \S+)? (does not|doesn't|not) exist|mail from (domain|command|"
        r"\S+ rejected|address)|from (address|header|domain) (not|is|reject)|access denied.{0,30}sender|"
        r"you are not allowed to post|address verification|your (e-?mail|address).{0,40}(not|rejected|refused|"
        r"blocked)|(sender|address) (is )?(blacklist|refused|unauthorized)|"
        r"not (allowed|authorized|permitted) to (send|post)|don't have permission|you (are|may) not (allowed|"
        r"authorized|have permission|post)|(rejected|refused) (by|for) (the )?(sender|group|moderat)|"
        r"rule imposed mailbox access|mail from.{0,30}(not|reject|refus)|5\.1\.[78]\b|domain does not resolve|"
        r"must be (an|a) (existing|valid) (sender|address)|unable to verify sender|backscatter|"
        r"group.{0,60}(may not exist|permission)|server does not accept mail from|sender.{0,30}(blocked|prohibit)",
    ),
    (
        "userunknown",
        r"(user|recipient|mailbox|address|account|e-?mail|addressee|person|login)( name| account| address|"
        r" id)?( \S{1,80})?( is| was| ?\(\S+\)| ?<\S+>|:|,)? ?(unknown|not found|does not exist|doesn't exist|"
        r"not exist|doesnot exist|don't exist|"
        r"invalid|not (a )?(valid|known|listed|local|recogni[sz]ed|registered)|no longer (valid|available|"
        r"exist|employed|on server)|not (currently )?(available|here)|couldn't be found|could not be found|"
        r"wasn't found|has been (deleted|removed)|isn't valid|unavailable or not local|undeliverable|"
        r"cannot be found|were not found|not in my)|"
        r"(unknown|no such|invalid|nonexistent|non-existent|bad|undefined|unrecogni[sz]ed|not a valid|"
        r"not a known|illegal|not our) (local )?(user|recipient|mailbox|mail ?box|address|account|addressee|"
        r"destination|rcpt|person|local|local ?part|e-?mail|alias|customer|account|mail drop|virtual)|"
        r"account with (this|that) name does not exist|"
        r"user unknown|recipient (address )?(unknown|not (found|known|valid|exist))|"
        r"recipient (address )?rejected: ?(user|unknown|undeliver|no|invalid|mailbox|address|account|addr)|"
        r"rejected address|final delivery userid|there is no (such )?(user|one|account|mailbox)|no (mailbox|"
        r"mail ?box|account|user|recipient|one|local mailbox|valid recipient)( here)?( by| with| for| named|"
        r"s\b)|"
        r"doesn't have (a|an) |does not have (a|an) |no (such )?(person|user) |can't (create|verify) (user|"
        r"output)|not (found|listed) in|(is|are) not (in|on) (the|our)|unrout(e)?able address|"
        r"requested action not taken: mailbox unavailable|mailbox (unavailable|not available)|5\.1\.1\b|"
        r"5\.1\.10\b|5\.1\.6\b|resolver\.adr|doesn't have a \S+ account|"
        r"remote smtp server has rejected address|no valid recipients|recipnotfound|not a (member|subscriber)|"
        r"the e-?mail account that you tried to reach|destination (server|address) (rejected|not)|isn't in|"
        r"delivery failed: no such|mail address is|"
        rf"{_FOREIGN_UNKNOWN}",
    ),
    (
        "filtered",
        r"rejected by (a|the) (remote|domain|recipient)|recipient.{0,20}(setting|filter)|due to (extended|"
        r"the recipient)|rejected by user|user reject|because the recipient is not accepting|"
        r"the user.{0,30}(refus|reject|not accept)|not accepting (mail|messages) from (you|this)|"
        r"message filtered|filtered by",
    ),
    (
        "blocked",
        r"\brbl\b|\bdnsbl\b|block ?list|black ?list|blacklist|spamhaus|spamcop|barracudacentral|sorbs|"
        r"uceprotect|(ip|client|host|address|server)( address)?( \S+)? (is |was |has been |been )?(block|bann|"
        r"list|denied|refused|reject)|"
        r"blocked (by|using|for|from|due)|access (from|denied|rejected)|banned|connection (refused|rejected|"
        r"dropped) (by|due|from)|your (ip|server|host|network|mail server)|"
        r"not (allowed|permitted|authorized) to connect|client host|(helo|ehlo)( command)? reject|"
        r"no access from|denied (by|from)|rejected for policy|refused (to talk|by)|553 mail from|"
        r"dynamic|residential|dial-?up|generic|go away|permission denied|suspicious",
    ),
    (
        "securityerror",
        r"authentication (required|failed|turned on|credentials|unsuccessful|was)|must authenticate|"
        r"authenticat|not authorized|unauthorized|\btls\b|\bssl\b|encryption|certificate|sorry, that domain|"
        r"verification fail|account not subscribed|you are not authenticated|executable|insecure|login denied|"
        r"smtp auth",
    ),
    (
        "policyviolation",
        r"polic(y|ies)|message (refused|rejected|not accepted|blocked|denied|contains)|not (accepted|allowed|"
        r"permitted) (for|by|due)|prohibited|administrative|violation|(restrict|prohibit|forbid)|rules|"
        r"denied|transaction failed.{0,20}policy",
    ),
    (
        "contenterror",
        r"(bare|stray) (lf|cr|newline)|mime|bad (header|content|message)|invalid (header|content)|"
        r"message (header|content|format)|headers? |non-ascii|8bit",
    ),
    ("notcompliantrfc", r"\brfc\b|rfc ?\d{3,4}|duplicate header|this message is not"),
    (
        "syntaxerror",
        r"syntax error|(command|parameter)s? (not|unrecogni[sz]ed|unimplemented)|unrecogni[sz]ed command|"
        r"unexpected (response|reply)|bad sequence|malformed|command rejected",
    ),
    (
        "systemerror",
        r"(local|server|system|internal|configuration|service|disk|mail) (error|failure|problem|config|"
        r"unavailable|trouble|is not available|currently unavailable|loops? back|too many hops)|loop(s|ed|"
        r"ing)? |too many hops|"
        r"mail for \S+ loops back|interrupt|can't (open|create|write|send)|could not (be accepted|be processed|"
        r"create)|failure in|resources? (temporarily )?unavailable|"
        r"timed out while receiving|lowest numbered mx|alias(es)? loop|forwarding loop|hop count|duplicate|"
        r"misconfigur|unable to (create|open|process)|temporary (local|lookup|failure|problem)|lookup failed|"
        r"service (currently )?unavailable|out of memory|cannot (open|create|allocate)|server (busy|error|"
        r"configuration)|backend|5\.3\.[05]\b|4\.3\.[0-9]\b",
    ),
    (
        "mailererror",
        r"command (failed|died|line|exited|output)|mailer (error|daemon)|procmail|exit (code|status)|pipe|"
        r"x-unix|non-zero|bounce[sd]? by|delivery agent|failed with|local delivery|/usr/|program|died with|"
        r"can't exec|unknown mailer",
    ),
    (
        "networkerror",
        r"(network|connection) (error|unreach|refused|reset|failure|was refused)|no route to host|"
        r"could ?n.t connect|unable to connect|host (is )?(unreachable|not reachable|down)|unreachable|"
        r"dns (error|failure|lookup)|couldn't find any|"
        r"establish an smtp|connection (was )?(lost|closed|dropped|died)|mail forwarding loop|lost connection|"
        r"unable to resolve|name server|server timeout|5\.4\.[0-9]\b",
    ),
    (
        "expired",
        r"(time|timed)[- ]?(out|limit)|could not (be )?deliver(ed)?( \S+)? (for|within|after)|expired|(retry|"
        r"delivery) (time|attempts?|period)|not (yet )?(been )?(delivered|sent)|delayed|too long|been trying|"
        r"queue (too long|time)|will (keep|continue|be retried|retry)|has been (in the queue|deferred)|"
        r"deferred|cannot send message (for|within)|no response|unresponsive|"
        r"in the (mail )?(spool|queue)|\d+ (hours?|days?)|giv(e|ing) up|4\.4\.[0-9]\b|retry",
    ),
)

_RULES = tuple((reason, re.compile(expression, re.IGNORECASE | re.MULTILINE)) for reason, expression in _WORDS)

# RFC 3463 detail → reason, for reports that say no more.
_DETAILS = """
userunknown: 1.1 1.3 1.9 1.10
rejected: 1.0 1.7 1.8
hostunknown: 1.2 4.4
filtered: 1.4 2.0 2.4
hasmoved: 1.6
suspend: 2.1 7.13
mailboxfull: 2.2
exceedlimit: 2.3 5.3
systemerror: 3.0 3.3 3.5 4.3 4.5 5.4
systemfull: 3.1
notaccept: 3.2 7.27
mesgtoobig: 3.4
networkerror: 4.0 4.2 4.6
expired: 4.1 4.7 4.14 4.316
contenterror: 6.0 6.9 7.7
blocked: 7.0
securityerror: 7.1 7.2
policyviolation: 7.9
authfailure: 7.26 7.23
"""
_BY_STATUS = {
    detail: reason
    for reason, _, details in (line.partition(":") for line in _DETAILS.strip().splitlines())
    for detail in details.split()
}

_ENHANCED = re.compile(r"(?<![\d.])([245]\.(?:[0-7])\.(?:9\d\d|[0-6]\d\d|\d{1,2}))(?![\d.])")
_REPLY = re.compile(r"(?<![\d.-])([45][0-5]\d)(?=[ \-:]|$)")
_TEMPORARY = re.compile(
    r"(?i)\bdelayed\b|will (keep|continue) (trying|to try)|will (be )?retr(y|ied)|temporar(y|ily)|"
    r"not yet been delivered|deferred|this is a warning|"
    r"has not (yet )?been delivered|delivery will continue|try again later"
)


def status_in(text: str) -> str | None:
    """The enhanced status code a server wrote into its words. Of several, the one that sums up nothing: not x.y.0,
    not "expired".
    """
    codes: list[str] = _ENHANCED.findall(text[:20_000])
    if not codes:
        return None
    failures = [code for code in codes if code[0] in "45"] or codes
    return next((code for code in failures if not is_summary(code)), failures[0])


def is_summary(code: str) -> bool:
    """Whether the reporting server only sums up: "other", "undefined", or that it gave up in the end."""
    return code.endswith(".0") or code[1:] == ".4.7"


def is_temporary(text: str) -> bool:
    """Whether the words are about a failure that may pass: a 4xx answer, a delay, a promise to try again."""
    replies: list[str] = _REPLY.findall(text[:20_000])
    if replies:
        return replies[0].startswith("4")
    return bool(_TEMPORARY.search(text[:20_000]))


def stand_in(reason: str, temporary: bool) -> str | None:
    """The status of a report that names none."""
    number = _NUMBER.get(reason, 900)
    return f"{4 if temporary else 5}.0.{number}" if number else None


def reason(text: str, status: str | None, action: str, at_stage: str = "") -> str:
    """Why it was not delivered, in one word. ``text`` is what the remote server answered, or all the report says."""
    words = " ".join(text[:20_000].split())
    detail = status.split(".", 1)[1] if status else ""
    for name, expression in _RULES:
        if expression.search(words):
            if name == "expired" and _FULL.search(words):
                name = "mailboxfull"  # "mailbox is full: retry timeout exceeded"
            return _at_stage(name, detail, at_stage, words)
    by_status = _BY_STATUS.get(detail)
    if by_status:
        return by_status
    if action.startswith("delay"):
        return "expired"
    return "onhold" if words else "undefined"


_FULL = next(expression for name, expression in _RULES if name == "mailboxfull")


def _at_stage(name: str, detail: str, at_stage: str, words: str) -> str:
    """The reason the words name, corrected by the moment at which they were said."""
    if name in HARD and at_stage == "MAIL":
        return "rejected"  # it is our sender that does not exist for them
    if name != "userunknown":
        return name
    if detail == "1.6":
        return "hasmoved"
    if detail == "1.1" or _LOCAL_WORDS.search(words):
        return name
    # "User unknown" after the whole letter was taken, or nobody knows when, is the word of a filter: the address was
    # accepted.
    if at_stage == "DATA":
        return "filtered"
    return name if at_stage == "RCPT" or detail.startswith("1.") or detail in _UNKNOWN else "filtered"


_UNKNOWN = frozenset({"2.1", "4.1", "5.0"})
# What a server says about its own users, not what another one answered.
_LOCAL_WORDS = re.compile(
    r"(?i)not listed in|name & address book|domino directory|"
    r"e-?mail account does not exist at the organi[sz]ation|final delivery userid|unknown user:|"
    r"resolver\.adr|doesn't have a \S+ account|remote smtp server has rejected address|no valid recipients|"
    r"recipient name is not recogni[sz]ed|nobody by that name|there is no (such )?(user|account) here|"
    r"\bno such user( here\b|[.!])|local mailbox \S{1,320} is unavailable: user not found|unknown user account|"
    r"\S@\S{1,255}:? user does not exist|^: user not found|reports:?\s{1,3}account (does not|is unknown)|"
    r"invalid recipient \S{1,320} ?\(|no mailbox here|\bno such (person|local user)\b|"
    rf"unroute?able address|couldn't be found|wasn't found|could not be found|{_FOREIGN_UNKNOWN}"
)
