"""What a phone number and a language tag tell of somebody: where they live, and what they speak."""

from __future__ import annotations

SPOKEN = (
    "ar=Arabic bg=Bulgarian bn=Bengali ca=Catalan cs=Czech da=Danish de=German el=Greek en=English es=Spanish "
    "et=Estonian fa=Persian fi=Finnish fr=French he=Hebrew hi=Hindi hr=Croatian hu=Hungarian id=Indonesian "
    "it=Italian ja=Japanese ko=Korean lt=Lithuanian lv=Latvian ms=Malay nb=Norwegian nl=Dutch no=Norwegian "
    "pl=Polish pt=Portuguese ro=Romanian ru=Russian sk=Slovak sl=Slovenian sq=Albanian sr=Serbian sv=Swedish "
    "sw=Swahili ta=Tamil th=Thai tr=Turkish uk=Ukrainian ur=Urdu uz=Uzbek vi=Vietnamese zh=Chinese"
)
LANGUAGES = dict(each.split("=") for each in SPOKEN.split())

AFRICA = (
    "20=Cairo 211=Juba 212=Casablanca 213=Algiers 216=Tunis 218=Tripoli 220=Banjul 221=Dakar 222=Nouakchott "
    "223=Bamako 224=Conakry 225=Abidjan 226=Ouagadougou 227=Niamey 228=Lome 229=Porto-Novo 231=Monrovia "
    "232=Freetown 233=Accra 234=Lagos 235=Ndjamena 236=Bangui 237=Douala 239=Sao_Tome 240=Malabo 241=Libreville "
    "242=Brazzaville 244=Luanda 245=Bissau 249=Khartoum 250=Kigali 251=Addis_Ababa 252=Mogadishu 253=Djibouti "
    "254=Nairobi 255=Dar_es_Salaam 256=Kampala 257=Bujumbura 258=Maputo 260=Lusaka 263=Harare 264=Windhoek "
    "265=Blantyre 266=Maseru 267=Gaborone 268=Mbabane 27=Johannesburg"
)
AMERICA = (
    "501=Belize 502=Guatemala 503=El_Salvador 504=Tegucigalpa 505=Managua 506=Costa_Rica 507=Panama "
    "509=Port-au-Prince 51=Lima 53=Havana 54=Argentina/Buenos_Aires 57=Bogota 58=Caracas 590=Guadeloupe "
    "591=La_Paz 592=Guyana 594=Cayenne 595=Asuncion 596=Martinique 597=Paramaribo 598=Montevideo"
)
ASIA = (
    "374=Yerevan 60=Kuala_Lumpur 63=Manila 65=Singapore 66=Bangkok 670=Dili 673=Brunei 81=Tokyo 82=Seoul "
    "84=Ho_Chi_Minh 850=Pyongyang 852=Hong_Kong 853=Macau 855=Phnom_Penh 856=Vientiane 86=Shanghai 880=Dhaka "
    "886=Taipei 91=Kolkata 92=Karachi 93=Kabul 94=Colombo 95=Yangon 961=Beirut 962=Amman 963=Damascus 964=Baghdad "
    "965=Kuwait 966=Riyadh 967=Aden 968=Muscat 971=Dubai 972=Jerusalem 973=Bahrain 974=Qatar 975=Thimphu "
    "977=Kathmandu 98=Tehran 992=Dushanbe 993=Ashgabat 994=Baku 995=Tbilisi 996=Bishkek 998=Tashkent"
)
EUROPE = (
    "30=Athens 31=Amsterdam 32=Brussels 33=Paris 350=Gibraltar 352=Luxembourg 353=Dublin 355=Tirane 356=Malta "
    "357=Nicosia 358=Helsinki 359=Sofia 36=Budapest 370=Vilnius 371=Riga 372=Tallinn 373=Chisinau 375=Minsk "
    "376=Andorra 377=Monaco 378=San_Marino 380=Kyiv 381=Belgrade 382=Podgorica 385=Zagreb 386=Ljubljana "
    "387=Sarajevo 389=Skopje 39=Rome 40=Bucharest 41=Zurich 420=Prague 421=Bratislava 423=Vaduz 43=Vienna "
    "44=London 45=Copenhagen 46=Stockholm 47=Oslo 48=Warsaw 49=Berlin 90=Istanbul"
)
ZONES = {
    code: f"{continent}/{city}"
    for continent, cities in (("Africa", AFRICA), ("America", AMERICA), ("Asia", ASIA), ("Europe", EUROPE))
    for code, city in (each.split("=") for each in cities.split())
}
"""Calling code -> time zone, of the countries that have one zone only; for all others a number tells nothing."""


def language(tag: str) -> str:
    """Name a language by its tag: `pt-br` is `Portuguese (pt-BR)`."""
    code, _, region = tag.replace("_", "-").partition("-")
    name = LANGUAGES.get(code.lower(), "")
    spelled = f"{code}-{region.upper()}" if region else code
    return f"{name} ({spelled})" if name and region else name or spelled


def zone_of(number: str) -> str:
    """Guess a time zone from a phone number such as `+905321112233`; empty where its country has several."""
    digits = number.removeprefix("+")
    if digits == number:
        return ""
    return next((ZONES[digits[:size]] for size in (3, 2) if digits[:size] in ZONES), "")


def city(zone: str) -> str:
    """Name a time zone by its city: `Europe/Istanbul` is `Istanbul`."""
    return zone.rpartition("/")[2].replace("_", " ")
