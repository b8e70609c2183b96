"""How mail programs say who wrote what is quoted below, by language: ``program | form``.

``{n}`` is the name, ``{e}`` the address of the one who is answered; ``~`` is a line end.
"""

from __future__ import annotations

# Lines that end with a colon, before text marked with ">" or not.
ATTRIBUTIONS = {
    "ru": """
gmail | {wd}, {d} {mon} {y} г. в {tt}, {n} <{e}>:
gmail folded | {wd}, {d} {mon} {y} г. в {tt}, {n} <~{e}>:
gmail old | {d} {month} {y} г., {tt} пользователь {n} <{e}> написал:
gmail old folded | {d} {month} {y} г., {tt} пользователь {n} <~{e}> написал:
gmail android | {wd}, {d} {mon} {y} г., {tt} {n} <{e}>:
apple | {d} {mon} {y} г., в {tt}, {n} <{e}> написал(а):
apple folded | {d} {mon} {y} г., в {tt}, {n}~<{e}> написал(а):
thunderbird | {dd}.{mm}.{y} {tt}, {n} пишет:
thunderbird old | {dd}.{mm}.{y} {tt}, {n} написал:
yandex | {dd}.{mm}.{y}, {tt}, "{n}" <{e}>:
yandex mobile | {d} {month} {y} г., {tt} +03:00, {n} <{e}>:
yandex mobile, the hour first | {tt}, {d} {month} {y} г., {n} <{e}>:
mail.ru | {Day}, {d} {month} {y}, {tt} +03:00 от {n} <{e}>:
mail.ru no brackets | {Day}, {d} {month} {y} г., {tt} +03:00 от {n} {e}:
the bat | Вы писали {d} {month} {y} г., {ts}:
yahoo | {day}, {d} {month} {y} г. в {ts} GMT+3, {n} <{e}> написал(-а):
roundcube | {n} писал {y}-{mm}-{dd} {tt}:
roundcube new | {n} писал(а) {y}-{mm}-{dd} {tt}:
evolution | В {wd}, {dd}/{mm}/{y} в {tt} +0300, {n} пишет:
kmail | В письме от {day}, {d} {month} {y} г. {ts} MSK пользователь {n} написал:
k-9 | {d} {month} {y} г. {ts} GMT+03:00, {n} <{e}> пишет:
opera | {n} <{e}> писал(а) в своём письме Fri, 20 Nov 2026 14:05:11 +0300:
miui | {n} <{e}> {d} {mon} {y} г. в {tt} написал(а):
proton | {day}, {d} {month} {y} г. в {tt}, {n} <{e}> написал(а):
sogo | {day}, {d} {month} {y} {tt} MSK, {n} <{e}> написал(а):
spark | {d} {mon} {y} г., {tt} +0300, {n} <{e}>, писал:
outlook ios | {dd}.{mm}.{y} {tt}, {n} написал(а):
""",
    "uk": """
gmail | {wd}, {d} {mon} {y} р. о {tt} {n} <{e}> пише:
gmail folded | {wd}, {d} {mon} {y} р. о {tt} {n} <~{e}> пише:
gmail old | {d} {month} {y} р. {tt} {n} <{e}> написав:
gmail old she | {d} {month} {y} р. {tt} {n} <{e}> написала:
gmail android | {wd}, {d} {mon} {y} р., {tt} користувач {n} <{e}> пише:
apple | {d} {mon} {y} р. о {tt} {n} <{e}> написав(-ла):
apple old | {d} {mon} {y} р., о {tt}, {n} <{e}> написав(ла):
thunderbird | {dd}.{mm}.{yy} {tt}, {n} пише:
thunderbird old | {dd}.{mm}.{y} {tt}, {n} написав:
ukr.net | {d} {month} {y}, {ts}, від "{n}" <{e}>:
roundcube | {n} писав {y}-{mm}-{dd} {tt}:
roundcube new | {y}-{mm}-{dd} {tt}, {n} написав(ла):
evolution | У {wd}, {y}-{mm}-{dd} у {tt} +0200, {n} пише:
kmail | {day}, {d} {month} {y} р. {ts} EET {n} написано:
yandex | {dd}.{mm}.{y}, {tt}, "{n}" <{e}>:
the bat | Ви писали {d} {month} {y} р., {ts}:
k-9 | {d} {month} {y} р. {ts} GMT+02:00, {n} <{e}> написав(-ла):
proton | {day}, {d} {month} {y} р. о {tt} {n} <{e}> пише:
""",
    "bg": """
gmail | На {wd}, {d}.{mm}.{y} г. в {tt} {n} <{e}> написа:
gmail folded | На {wd}, {d}.{mm}.{y} г. в {tt} {n} <~{e}> написа:
gmail old | На {d} {month} {y} г., {tt}, {n} <{e}> написа:
gmail android | На {wd}, {d}.{mm}.{y} г., {tt} ч. {n} <{e}> написа:
apple | На {d}.{mm}.{y} г., в {tt}, {n} <{e}> написа:
apple words | На {d} {month} {y} г., в {tt} ч., {n} <{e}> написа:
thunderbird | На {dd}.{mm}.{yy} г. в {tt}, {n} написа:
thunderbird old | На {dd}.{mm}.{y} {tt}, {n} пише:
roundcube | На {y}-{mm}-{dd} {tt}, {n} написа:
horde | Цитат от {n} <{e}>:
horde old | Цитиране на {n} <{e}>:
evolution | На {wd}, {y}-{mm}-{dd} в {tt} +0200, {n} написа:
k-9 | На {d} {month} {y} г. {ts} GMT+02:00, {n} <{e}> написа:
yahoo | В {day}, {d} {month} {y} г., {ts} ч. Гринуич+2, {n} <{e}> написа:
kmail | На {day}, {d} {month} {y} г. {ts} EET {n} написа:
""",
    "en": """
gmail | On {wd}, {mon} {d}, {y} at {am} {n} <{e}> wrote:
gmail narrow blank | On {wd}, {mon} {d}, {y} at {nam} {n} <{e}> wrote:
gmail folded | On {wd}, {mon} {d}, {y} at {am} {n} <~{e}> wrote:
gmail folded before address | On {wd}, {mon} {d}, {y} at {am} {n}~<{e}> wrote:
gmail british | On {wd}, {d} {mon} {y} at {tt}, {n} <{e}> wrote:
gmail android | On {wd}, {d} {mon} {y}, {tt} {n}, <{e}> wrote:
apple | On {d} {mon} {y}, at {tt}, {n} <{e}> wrote:
apple american | On {mon} {d}, {y}, at {am}, {n} <{e}> wrote:
apple folded | On {mon} {d}, {y}, at {am}, {n} <{e}>~wrote:
thunderbird | On {m}/{d}/{yy} {am}, {n} wrote:
thunderbird british | On {dd}/{mm}/{y} {tt}, {n} wrote:
yahoo | On {day}, {month} {d}, {y} at {ams} GMT+3, {n} <{e}> wrote:
yahoo android | On {wd}, {mon} {d}, {y} at {am}, {n}<{e}> wrote:
roundcube | On {y}-{mm}-{dd} {tt}, {n} wrote:
horde | Quoting {n} <{e}>:
sogo | On {day}, {month} {dd}, {y} {tt} CET, {n} <{e}> wrote:
k-9 | On {month} {d}, {y} {ams} GMT+02:00, {n} <{e}> wrote:
proton | On {day}, {month} {d}th, {y} at {am}, {n} <{e}> wrote:
spark | On {d} {mon} {y}, {tt} +0300, {n} <{e}>, wrote:
evolution | On {wd}, {y}-{mm}-{dd} at {tt} +0300, {n} wrote:
kmail | On {day}, {d} {month} {y} {ts} EET {n} wrote:
mutt | On {wd}, {mon} {dd}, {y} at {ts}PM +0300, {n} wrote:
the bat | {day}, {month} {d}, {y}, {ams}, you wrote:
miui | On {n} <{e}>, {mon} {d}, {y} {am} wrote:
notes | {n} <{e}> wrote on {mm}/{dd}/{y} {ams}:
gnus | {n} <{e}> writes:
alpine | On {wd}, {d} {mon} {y}, {n} wrote:
mail.ru | {Day}, {month} {d}, {y} {am} +03:00 from {n} <{e}>:
zoho | ---- On {wd}, {dd} {mon} {y} {ts} +0300 {n} <{e}> wrote ----
old outlook | {n} <{e}> wrote:
newton | On {mon} {d}, {y} at {am}, <{n} ({e})> wrote:
superhuman | On {wd}, {mon} {dd}, {y} at {am}, {n} < {e} > wrote:
""",
    "de": """
gmail | Am {wd}, {d}. {mon} {y} um {tt} Uhr schrieb {n} <{e}>:
gmail folded | Am {wd}, {d}. {mon} {y} um {tt} Uhr schrieb {n} <~{e}>:
gmail old | Am {d}. {month} {y} um {tt} schrieb {n} <{e}>:
gmail android | {n} <{e}> schrieb am {wd}, {d}. {mon} {y}, {tt}:
apple | Am {dd}.{mm}.{y} um {tt} schrieb {n} <{e}>:
thunderbird | Am {dd}.{mm}.{yy} um {tt} schrieb {n}:
yahoo | Am {day}, {d}. {month} {y} um {ts} MEZ hat {n} <{e}> Folgendes geschrieben:
roundcube | Am {y}-{mm}-{dd} {tt}, schrieb {n}:
horde | Zitat von {n} <{e}>:
evolution | Am {day}, dem {dd}.{mm}.{y} um {tt} +0100 schrieb {n}:
kmail | Am {day}, {d}. {month} {y}, {ts} CET schrieb {n}:
k-9 | Am {d}. {month} {y} {ts} MEZ schrieb {n} <{e}>:
gmx app | Am {dd}.{mm}.{yy}, {tt}, {n} <{e}> schrieb:
t-online | {n} <{e}> hat am {dd}.{mm}.{y} {tt} geschrieben:
notes | {n} <{e}> schrieb am {dd}.{mm}.{y} {ts}:
""",
    "fr": """
gmail | Le {wd} {d} {mon} {y} à {tt}, {n} <{e}> a écrit :
gmail folded | Le {wd} {d} {mon} {y} à {tt}, {n} <~{e}> a écrit :
gmail nbsp | Le {wd} {d} {mon} {y} à {tt}, {n} <{e}> a écrit\u00a0:
gmail android | Le {wd} {d} {mon} {y}, {tt}, {n} <{e}> a écrit :
apple | Le {d} {mon} {y} à {tt}, {n} <{e}> a écrit :
thunderbird | Le {dd}/{mm}/{y} à {tt}, {n} a écrit :
yahoo | Le {day} {d} {month} {y} à {ts} UTC+1, {n} <{e}> a écrit :
roundcube | Le {y}-{mm}-{dd} {tt}, {n} a écrit :
evolution | Le {day} {d} {month} {y} à {tt} +0100, {n} a écrit :
kmail | Le {day} {d} {month} {y}, {ts} CET {n} a écrit :
k-9 | Le {d} {month} {y} {ts} GMT+01:00, {n} <{e}> a écrit :
horde | {n} <{e}> a écrit :
""",
    "es": """
gmail | El {wd}, {d} {mon} {y} a las {tt}, {n} (<{e}>) escribió:
gmail folded | El {wd}, {d} {mon} {y} a las {tt}, {n} (<~{e}>) escribió:
gmail old | El {d} de {month} de {y}, {tt}, {n} <{e}> escribió:
gmail android | El {wd}., {d} de {mon} de {y} {tt}, {n} <{e}> escribió:
apple | El {d} {mon} {y}, a las {tt}, {n} <{e}> escribió:
thunderbird | El {dd}/{mm}/{yy} a las {tt}, {n} escribió:
yahoo | El {day}, {d} de {month} de {y}, {ts} CET, {n} <{e}> escribió:
roundcube | El {y}-{mm}-{dd} {tt}, {n} escribió:
horde | {n} <{e}> escribió:
evolution | El {wd}, {dd}-{mm}-{y} a las {tt} +0100, {n} escribió:
k-9 | El {d} de {month} de {y} {ts} CET, {n} <{e}> escribió:
""",
    "pl": """
gmail | {wd}, {d} {mon} {y} o {tt} {n} <{e}> napisał(a):
gmail folded | {wd}, {d} {mon} {y} o {tt} {n} <~{e}> napisał(a):
gmail old | W dniu {d} {month} {y} {tt} użytkownik {n} <{e}> napisał:
gmail android | {wd}, {d} {mon} {y}, {tt} użytkownik {n} <{e}> napisał:
apple | Wiadomość napisana przez {n} <{e}> w dniu {d} {mon} {y}, o godz. {tt}:
thunderbird | W dniu {dd}.{mm}.{y} o {tt}, {n} pisze:
onet | W dniu {y}-{mm}-{dd} {ts} użytkownik {n} <{e}> napisał:
wp | Dnia {d} {month} {y} {tt} {n} <{e}> napisał(a):
yahoo | W dniu {day}, {d} {month} {y} {ts} CET użytkownik {n} <{e}> napisał:
roundcube | W dniu {y}-{mm}-{dd} {tt}, {n} napisał(a):
horde | Cytowanie {n} <{e}>:
evolution | W dniu pią, {dd}.{mm}.{y} o godzinie {tt} +0100, użytkownik {n} napisał:
k-9 | Dnia {d} {month} {y} {ts} CET, {n} <{e}> napisał(a):
""",
    "it": """
gmail | Il giorno {wd} {d} {mon} {y} alle ore {tt} {n} <{e}> ha scritto:
gmail folded | Il giorno {wd} {d} {mon} {y} alle ore {tt} {n} <~{e}> ha scritto:
gmail android | Il {wd} {d} {mon} {y}, {tt} {n} <{e}> ha scritto:
apple | Il giorno {d} {mon} {y}, alle ore {tt}, {n} <{e}> ha scritto:
thunderbird | Il {dd}/{mm}/{y} {tt}, {n} ha scritto:
libero | Il {dd}/{mm}/{y} {tt} {n} <{e}> ha scritto:
yahoo | Il {day} {d} {month} {y} alle ore {ts} CET, {n} <{e}> ha scritto:
roundcube | Il {y}-{mm}-{dd} {tt} {n} ha scritto:
horde | {n} <{e}> ha scritto:
evolution | Il giorno {wd}, {dd}/{mm}/{y} alle {t} +0100, {n} ha scritto:
k-9 | Il {d} {month} {y} {ts} CET, {n} <{e}> ha scritto:
""",
    "nl": """
gmail | Op {wd} {d} {mon} {y} om {tt} schreef {n} <{e}>:
gmail folded | Op {wd} {d} {mon} {y} om {tt} schreef {n} <~{e}>:
gmail android | Op {wd} {d} {mon} {y} {tt} schreef {n} <{e}>:
apple | Op {d} {mon} {y}, om {tt} heeft {n} <{e}> het volgende geschreven:
apple new | Op {d} {mon} {y}, om {tt} schreef {n} <{e}>:
thunderbird | Op {dd}-{mm}-{y} om {tt} schreef {n}:
yahoo | Op {day} {d} {month} {y} om {ts} CET schreef {n} <{e}>:
roundcube | {n} schreef op {y}-{mm}-{dd} {tt}:
horde | Citeren {n} <{e}>:
k-9 | Op {d} {month} {y} {ts} CET schreef {n} <{e}>:
evolution | Op {wd} {dd}-{mm}-{y} om {tt} [+0100], schreef {n}:
""",
    "pt": """
gmail | Em {wd}, {d} de {mon} de {y} às {tt}, {n} <{e}> escreveu:
gmail folded | Em {wd}, {d} de {mon} de {y} às {tt}, {n} <~{e}> escreveu:
gmail portugal | {n} <{e}> escreveu ({day}, {dd}/{mm}/{y} à(s) {tt}):
gmail android | Em {wd}, {d} de {mon} de {y}, {tt}, {n} <{e}> escreveu:
apple | Em {d} de {mon} de {y}, à(s) {tt}, {n} <{e}> escreveu:
apple portugal | No dia {dd}/{mm}/{y}, às {tt}, {n} <{e}> escreveu:
thunderbird | Em {dd}/{mm}/{y} {tt}, {n} escreveu:
thunderbird portugal | Às {tt} de {dd}/{mm}/{y}, {n} escreveu:
yahoo | Em {day}, {d} de {month} de {y} {ts} BRT, {n} <{e}> escreveu:
roundcube | Em {y}-{mm}-{dd} {tt}, {n} escreveu:
horde | Citando {n} <{e}>:
evolution | Em {wd}, {y}-{mm}-{dd} às {tt} -0300, {n} escreveu:
k-9 | Em {d} de {month} de {y} {ts} BRT, {n} <{e}> escreveu:
""",
}


def table(text: str) -> dict[str, str]:
    """The forms of one language by program."""
    rows = (line.partition(" | ") for line in text.strip().splitlines())
    return {program.strip(): form.strip().replace("~", "\n") for program, _, form in rows}
