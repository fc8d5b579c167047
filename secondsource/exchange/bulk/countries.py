"""Country names as files write them, with the codes of ISO 3166."""

from __future__ import annotations

import re

from secondsource.exchange.bulk.cells import Bad, Type, plain_words

#: Code, English name, and after bars what else it is called; accents and case do not count.
_NAMES = """
AD Andorra; AE United Arab Emirates|UAE|Vereinigte Arabische Emirate|Emirats arabes unis; AF
Afghanistan; AG Antigua and Barbuda; AI Anguilla; AL Albania|Albanien|Albanie; AM
Armenia|Armenien|Armenie; AO Angola; AQ Antarctica; AR Argentina|Argentinien|Argentine; AS
American Samoa; AT Austria|Österreich|Autriche|Oostenrijk|AUT; AU
Australia|Australien|Australie|AUS; AW Aruba; AX Åland Islands; AZ Azerbaijan|Aserbaidschan; BA
Bosnia and Herzegovina|Bosnien und Herzegowina|Bosnia; BB Barbados; BD Bangladesh|Bangladesch|BGD;
BE Belgium|Belgien|Belgique|Bélgica|Belgio|België|BEL; BF Burkina Faso; BG
Bulgaria|Bulgarien|Bulgarie|BGR; BH Bahrain; BI Burundi; BJ Benin; BL Saint Barthélemy; BM
Bermuda; BN Brunei|Brunei Darussalam; BO Bolivia|Bolivia, Plurinational State of; BQ Bonaire; BR
Brazil|Brasilien|Brésil|Brasil|Brasile|BRA; BS Bahamas; BT Bhutan; BV Bouvet Island; BW Botswana;
BY Belarus|Weißrussland|Biélorussie; BZ Belize; CA Canada|Kanada|CAN; CC Cocos Islands; CD
Democratic Republic of the Congo|Congo, The Democratic Republic of the; CF Central African
Republic; CG Congo; CH Switzerland|Schweiz|Suisse|Suiza|Svizzera|Zwitserland|CHE; CI Côte
d'Ivoire|Ivory Coast; CK Cook Islands; CL Chile|Chili; CM Cameroon; CN China|People's Republic of
China|PR China|P.R. China|PRC|Mainland China|China (Mainland)|Chine|Cina|VR China|CHN|中国; CO
Colombia|Kolumbien|Colombie; CR Costa Rica|CRI; CU Cuba; CV Cape Verde|Cabo Verde; CW Curaçao; CX
Christmas Island; CY Cyprus|Zypern|Chypre; CZ Czech Republic|Czechia|Tschechien|Tschechische
Republik|République tchèque|Chequia|Repubblica Ceca|CZE; DE
Germany|Deutschland|Allemagne|Alemania|Germania|Duitsland|Alemanha|DEU|GER|德国; DJ Djibouti; DK
Denmark|Dänemark|Danemark|Dinamarca|Danimarca|DNK; DM Dominica; DO Dominican
Republic|Dominikanische Republik|République dominicaine|República Dominicana|DOM; DZ
Algeria|Algerien|Algérie; EC Ecuador; EE Estonia|Estland|Estonie|EST; EG Egypt|Ägypten|Égypte; EH
Western Sahara; ER Eritrea; ES Spain|Spanien|Espagne|España|Spagna|Spanje|ESP; ET Ethiopia; FI
Finland|Finnland|Finlande|Finlandia|FIN; FJ Fiji; FK Falkland Islands; FM Micronesia; FO Faroe
Islands; FR France|Frankreich|Francia|Frankrijk|França|FRA|法国; GA Gabon; GB United
Kingdom|UK|U.K.|Great Britain|England|Scotland|Wales|Großbritannien|Vereinigtes
Königreich|Royaume-Uni |Reino Unido|Regno Unito|Verenigd Koninkrijk|United Kingdom of Great
Britain and Northern Ireland|GBR; GD Grenada; GE Georgia|Georgien; GF French Guiana; GG Guernsey;
GH Ghana; GI Gibraltar; GL Greenland; GM Gambia; GN Guinea; GP Guadeloupe; GQ Equatorial Guinea;
GR Greece|Griechenland|Grèce|Grecia|GRC; GS South Georgia; GT Guatemala; GU Guam; GW
Guinea-Bissau; GY Guyana; HK Hong Kong|Hongkong|Hong Kong SAR|Hong Kong (China)|HKG|香港; HM Heard
Island; HN Honduras; HR Croatia|Kroatien|Croatie|Croacia|HRV; HT Haiti; HU
Hungary|Ungarn|Hongrie|Hungría|Ungheria|HUN; ID Indonesia|Indonesien|Indonésie|IDN; IE
Ireland|Irland|Irlande|Irlanda|Ierland|IRL; IL Israel|Israël|ISR; IM Isle of Man; IN
India|Indien|Inde|IND; IO British Indian Ocean Territory; IQ Iraq; IR Iran|Iran, Islamic Republic
of; IS Iceland|Island|Islande; IT Italy|Italien|Italie|Italia|Italië|ITA; JE Jersey; JM Jamaica;
JO Jordan; JP Japan|Japon|Japón|Giappone|Japão|JPN|日本; KE Kenya; KG Kyrgyzstan; KH
Cambodia|Kambodscha|Cambodge; KI Kiribati; KM Comoros; KN Saint Kitts and Nevis; KP North
Korea|Korea, Democratic People's Republic of|Nordkorea; KR South Korea|Korea|Republic of
Korea|Korea, Republic of|Korea (South)|Korea, South|Südkorea|Corée du Sud |Corea del Sur|Corea del
Sud|Zuid-Korea|KOR|韩国|韓国; KW Kuwait; KY Cayman Islands; KZ Kazakhstan; LA Laos|Lao People's
Democratic Republic; LB Lebanon; LC Saint Lucia; LI Liechtenstein; LK Sri Lanka|LKA; LR Liberia;
LS Lesotho; LT Lithuania|Litauen|Lituanie|LTU; LU Luxembourg|Luxemburg; LV Latvia|Lettland; LY
Libya; MA Morocco|Marokko|Maroc|Marruecos|Marocco|MAR; MC Monaco; MD Moldova|Moldova, Republic
of|Moldawien; ME Montenegro; MF Saint Martin; MG Madagascar; MH Marshall Islands; MK North
Macedonia|Macedonia|Nordmazedonien; ML Mali; MM Myanmar|Burma; MN Mongolia; MO Macau|Macao; MP
Northern Mariana Islands; MQ Martinique; MR Mauritania; MS Montserrat; MT Malta|Malte|MLT; MU
Mauritius; MV Maldives; MW Malawi; MX Mexico|Mexiko|Mexique|México|Messico|MEX; MY
Malaysia|Malaisie|Malasia|Malesia|MYS|马来西亚; MZ Mozambique; NA Namibia; NC New Caledonia; NE
Niger; NF Norfolk Island; NG Nigeria; NI Nicaragua; NL Netherlands|The
Netherlands|Holland|Niederlande|Pays-Bas|Países Bajos|Paesi Bassi|Nederland|NLD; NO
Norway|Norwegen|Norvège|Noruega|Norvegia|NOR; NP Nepal; NR Nauru; NU Niue; NZ New
Zealand|Neuseeland; OM Oman; PA Panama; PE Peru; PF French Polynesia; PG Papua New Guinea; PH
Philippines|The Philippines|Philippinen|Filipinas|Filippine|Filipijnen|PHL|菲律宾; PK Pakistan; PL
Poland|Polen|Pologne|Polonia|Polska|POL; PM Saint Pierre and Miquelon; PN Pitcairn; PR Puerto
Rico; PS Palestine; PT Portugal|Portogallo|PRT; PW Palau; PY Paraguay; QA Qatar; RE Réunion; RO
Romania|Rumänien|Roumanie|Rumania|Roemenië|ROU; RS Serbia|Serbien|Serbie|SRB; RU Russia|Russian
Federation|Russland|Russie|Rusia|RUS; RW Rwanda; SA Saudi Arabia|Saudi-Arabien; SB Solomon
Islands; SC Seychelles; SD Sudan; SE Sweden|Schweden|Suède|Suecia|Svezia|Zweden|SWE; SG
Singapore|Singapur|Singapour|SGP|新加坡; SH Saint Helena; SI Slovenia|Slowenien|Slovénie|SVN; SJ
Svalbard; SK Slovakia|Slovak Republic|Slowakei|Slovaquie|Eslovaquia|SVK; SL Sierra Leone; SM San
Marino; SN Senegal; SO Somalia; SR Suriname; SS South Sudan; ST Sao Tome and Principe; SV El
Salvador; SX Sint Maarten; SY Syria|Syrian Arab Republic; SZ Eswatini|Swaziland; TC Turks and
Caicos Islands; TD Chad; TF French Southern Territories; TG Togo; TH
Thailand|Thaïlande|Tailandia|THA|泰国; TJ Tajikistan; TK Tokelau; TL Timor-Leste; TM Turkmenistan;
TN Tunisia|Tunesien|Tunisie|Túnez|TUN; TO Tonga; TR
Turkey|Türkiye|Türkei|Turquie|Turquía|Turchia|TUR; TT Trinidad and Tobago; TV Tuvalu; TW
Taiwan|Taiwan, Province of China|Taiwan (China)|Taiwan, China|Taiwan R.O.C.|R.O.C.|Chinese
Taipei|Taiwán|TWN|台湾|台灣; TZ Tanzania; UA Ukraine|UKR; UG Uganda; UM United States Minor
Outlying Islands; US United States|USA|U.S.|U.S.A.|United States of America|America|Vereinigte
Staaten|États-Unis|Estados Unidos |Stati Uniti|Verenigde Staten|EE.UU.|美国; UY Uruguay; UZ
Uzbekistan; VA Holy See; VC Saint Vincent; VE Venezuela; VG British Virgin Islands; VI US Virgin
Islands; VN Vietnam|Viet Nam|Viêt Nam|VNM|越南; VU Vanuatu; WF Wallis and Futuna; WS Samoa; YE
Yemen; YT Mayotte; ZA South Africa|Südafrika|Afrique du Sud|ZAF; ZM Zambia; ZW Zimbabwe
"""


def _squeezed(name: str) -> str:
    return plain_words(name).replace(" ", "")


_CODES: dict[str, str] = {}
for _entry in " ".join(_NAMES.split("\n")).split(";"):
    _code, _, _names = _entry.strip().partition(" ")
    for _name in (_code, *_names.split("|")):
        _CODES[_squeezed(_name)] = _code
#: “MY - Malaysia”, “Malaysia (MY)”: name and code that mean the same country.
_BOTH = re.compile(r"([A-Z]{2})\s*[-–:/,]\s*(.+)|(.+?)\s*[(\[]\s*([A-Z]{2})\s*[)\]]")


class Country(Type):
    """Two letters of ISO 3166, or a country's name in the languages of our files."""

    def read(self, text: str, form: str) -> str | Bad:
        bare = re.sub(r"^(?:made|assembled|produced) in ", "", text.strip(), flags=re.IGNORECASE)
        if code := _CODES.get(_squeezed(bare)):
            return code
        if both := _BOTH.fullmatch(bare):
            code, name = (both[1], both[2]) if both[1] else (both[4], both[3])
            if code in _CODES.values() and _CODES.get(_squeezed(name)) == code:
                return str(code)
        if re.search(r"[,;/&]", bare):
            return Bad("several_countries", "Several countries: name one, as in DE or TW.")
        return Bad("country_form", "Two letters or the name of a country, as in DE or Taiwan.")
