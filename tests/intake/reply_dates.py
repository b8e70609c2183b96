"""Moments as mail programs write them in eleven languages."""

from __future__ import annotations

from datetime import datetime

MONTHS = {
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}
SHORT_MONTHS = {
    "ru": "янв. февр. мар. апр. мая июн. июл. авг. сент. окт. нояб. дек.",
    "uk": "січ. лют. бер. квіт. трав. черв. лип. серп. вер. жовт. лист. груд.",
    "bg": "яну фев мар апр май юни юли авг сеп окт ное дек",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "de": "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "es": "ene feb mar abr may jun jul ago sept oct nov dic",
    "pl": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "nl": "jan. feb. mrt. apr. mei jun. jul. aug. sep. okt. nov. dec.",
    "pt": "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
}
DAYS = {
    "ru": "понедельник вторник среда четверг пятница суббота воскресенье",
    "uk": "понеділок вівторок середа четвер п'ятниця субота неділя",
    "bg": "понеделник вторник сряда четвъртък петък събота неделя",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "pl": "poniedziałek wtorek środa czwartek piątek sobota niedziela",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
}
SHORT_DAYS = {
    "ru": "пн вт ср чт пт сб вс",
    "uk": "пн вт ср чт пт сб нд",
    "bg": "пн вт ср чт пт сб нд",
    "en": "Mon Tue Wed Thu Fri Sat Sun",
    "de": "Mo. Di. Mi. Do. Fr. Sa. So.",
    "fr": "lun. mar. mer. jeu. ven. sam. dim.",
    "es": "lun mar mié jue vie sáb dom",
    "pl": "pon. wt. śr. czw. pt. sob. niedz.",
    "it": "lun mar mer gio ven sab dom",
    "nl": "ma di wo do vr za zo",
    "pt": "seg. ter. qua. qui. sex. sáb. dom.",
}


def pieces(language: str, at: datetime) -> dict[str, str]:
    """What a form may hold: ``{d} {dd} {m} {mm} {mon} {month} {day} {wd} {y} {yy} {t} {ts} {am} {ams}``."""
    twelve = at.hour % 12 or 12
    half = "AM" if at.hour < 12 else "PM"
    return {
        "d": str(at.day),
        "dd": f"{at.day:02}",
        "m": str(at.month),
        "mm": f"{at.month:02}",
        "mon": SHORT_MONTHS[language].split()[at.month - 1],
        "month": MONTHS[language].split()[at.month - 1],
        "day": DAYS[language].split()[at.weekday()],
        "Day": DAYS[language].split()[at.weekday()].capitalize(),
        "wd": SHORT_DAYS[language].split()[at.weekday()],
        "y": str(at.year),
        "yy": f"{at.year % 100:02}",
        "t": f"{at.hour}:{at.minute:02}",
        "tt": f"{at.hour:02}:{at.minute:02}",
        "ts": f"{at.hour}:{at.minute:02}:{at.second:02}",
        "am": f"{twelve}:{at.minute:02} {half}",
        "nam": f"{twelve}:{at.minute:02}\u202f{half}",
        "ams": f"{twelve}:{at.minute:02}:{at.second:02} {half}",
    }
