"""Spellings of the names of states and persons, written by hand, and what each means.

Half of these were looked at while the matching was written (TUNING), half were not (HELD_OUT).
The tables beside this file came later: ``broad.txt``, by which the matching was mended,
``fresh.txt`` after that, ``last.txt`` after both, ``unseen.txt`` and ``judge.txt`` by people who had
seen none, and ``final.txt`` after the matching was mended by ``judge.txt``.
"""

from pathlib import Path

_TUNING = """
gb: UK; U.K.; Great Britain; United Kingdom of Great Britain & Northern Ireland; Untied Kingdom; 英国; イギリス; ｲｷﾞﾘｽ
us: USA; U.S.A.; US; The United States; United States of Amercia; UNITED STATES; アメリカ; 米国; アメリカ合衆国
kp: DPRK; North Korea; Korea, Democratic People's Republic of; Korea (Democratic People's Republic of); Nroth Korea; 北朝鮮; 朝鮮民主主義人民共和国
kr: ROK; South Korea; Korea, Republic of; Republic of Korea; Korea (the Republic of); Sout Korea; 韓国; 大韓民国
cn: PRC; China; People's Republic of China; Peoples Republic of China; P.R.C.; Chian; 中国; 中華人民共和国
tw: Republic of China; Taiwan; Chinese Taipei; Taiwan, Province of China; Tawian; 台湾
ae: UAE; U.A.E.; United Arab Emirates; The United Arab Emirates; United Arab Emirtes; アラブ首長国連邦
mk: FYROM; Macedonia; North Macedonia; The former Yugoslav Republic of Macedonia; North Macedona; 北マケドニア
ci: Ivory Coast; Côte d'Ivoire; Cote d’Ivoire; COTE D'IVOIRE; Cote dIvoire; コートジボワール; コートジヴォワール
sz: Swaziland; Eswatini; Kingdom of Eswatini; Eswatni; スワジランド
cz: Czechia; Czech Republic; Czech Rep.; The Czech Republic; Chech Republic; チェコ; チェコ共和国
cv: Cape Verde; Cabo Verde; Capo Verde; カーボベルデ; カーボヴェルデ
tl: East Timor; Timor-Leste; Timor Leste; Timor Lest; 東ティモール; 東チモール
tr: Turkey; Türkiye; Turkiye; TÜRKİYE; Republic of Turkey; トルコ
mm: Burma; Myanmar; Myanmmar; Mynamar; ミャンマー; ビルマ
nl: Holland; Netherlands; The Netherlands; Netherlands (Kingdom of the); Kingdom of the Netherlands; Netherlnds; オランダ
nz: NZ; Aotearoa; New Zealand; NewZealand; New Zeeland; New Zaeland; NEW ZEALAND; ニュージーランド; ニユージーランド; ﾆｭｰｼﾞｰﾗﾝﾄﾞ
jp: Japan; JAPAN; Jpan; Japna; Government of Japan; 日本; 日本国
au: Australia; Austrlia; Austrailia; Commonwealth of Australia; 豪州; オーストラリア; オ一ストラリア
at: Austria; Republic of Austria; Autsria; オーストリア
gn: Guinea; Republic of Guinea; Guinee; ギニア
gw: Guinea-Bissau; Guinea Bissau; Guinea Bisau; ギニアビサウ
gq: Equatorial Guinea; Equitorial Guinea; 赤道ギニア
pg: Papua New Guinea; PNG; Papua New Guinee; パプアニューギニア
ne: Niger; Republic of the Niger; ニジェール
ng: Nigeria; Nigeira; Federal Republic of Nigeria; ナイジェリア
person shinjiro-koizumi: Shinjiro Koizumi; Koizumi Shinjiro; Shinjirō Koizumi; KOIZUMI Shinjiro; Koizumi, Shinjiro; Minister Koizumi; Defence Minister Shinjiro Koizumi; Shinjiro Koizmi; 小泉進次郎; 小泉 進次郎; 小泉進次郎防衛大臣; 小泉防衛大臣; 小泉氏
person judith-collins: Judith Collins; Collins, Judith; Hon Judith Collins; The Hon. Judith Collins; Judith Colins; Ms Collins; Minister Collins; ジュディス・コリンズ; ジュディスコリンズ
"""

_HELD_OUT = """
do: Dominican Republic; The Dominican Republic; Domincan Republic; ドミニカ共和国
dm: Dominica; Commonwealth of Dominica; ドミニカ国
cd: DRC; DR Congo; Democratic Republic of Congo; Congo, Democratic Republic of the; Congo (Kinshasa); Zaire; コンゴ民主共和国
cg: Republic of the Congo; Congo (Brazzaville); Congo-Brazzaville; Republic of Congo; コンゴ共和国
ir: Iran; Iran (Islamic Republic of); Islamic Rep. of Iran; Iran, Islamic Republic of; イラン
iq: Iraq; Irak; Republic of Iraq; イラク
ml: Mali; Republic of Mali; マリ
mw: Malawi; Malawai; マラウイ; マラウィ
sk: Slovakia; Slovak Republic; Solvakia; Slovakai; スロバキア; スロヴァキア
si: Slovenia; Slovenai; Republic of Slovenia; スロベニア; スロヴェニア
sd: Sudan; The Sudan; Suddan; スーダン
ss: South Sudan; S. Sudan; Republic of South Sudan; Souht Sudan; 南スーダン
ru: Russia; Russian Federation; Rusia; Russian Fed.; ロシア; ロシア連邦
vn: Vietnam; Viet Nam; Viet-Nam; Vietnma; Socialist Republic of Viet Nam; ベトナム; ヴェトナム
la: Laos; Lao PDR; Lao People's Democratic Republic; Loas; ラオス
sy: Syria; Syrian Arab Republic; Syira; シリア
tz: Tanzania; Tanzania, United Republic of; United Republic of Tanzania; Tanznia; タンザニア
ve: Venezuela; Venezuela (Bolivarian Republic of); Venezuala; ベネズエラ; ヴェネズエラ
bo: Bolivia; Bolivia (Plurinational State of); Boliva; ボリビア
md: Moldova; Republic of Moldova; Moldava; モルドバ
bn: Brunei; Brunei Darussalam; Bruneii; ブルネイ
fm: Micronesia (Federated States of); Federated States of Micronesia; Micronesia, Fed. States of; ミクロネシア連邦
kn: St. Kitts & Nevis; Saint Kitts and Nevis; St Kitts and Nevis
lc: St. Lucia; Saint Lucia; St Lucia; セントルシア
vc: St. Vincent and the Grenadines; Saint Vincent & the Grenadines; St Vincent
tt: Trinidad & Tobago; Trinidad and Tobago; Trinidad Tobago; トリニダード・トバゴ
ag: Antigua & Barbuda; Antigua and Barbuda; Antiqua and Barbuda
st: Sao Tome and Principe; São Tomé & Príncipe; Sao Tome & Principe
ba: Bosnia and Herzegovina; Bosnia-Herzegovina; Bosnia & Hercegovina; BiH
bs: Bahamas; The Bahamas; Bahamas, The; Bahamas (the)
gm: Gambia; The Gambia; Gambia, The; ガンビア
ph: Philippines; The Philippines; Phillipines; Philipines; Republic of the Philippines; フィリピン
va: Vatican; Vatican City; Holy See; The Holy See; バチカン; ヴァチカン
de: Germany; Federal Republic of Germany; Germnay; Grmany; ドイツ
fr: France; French Republic; Frnace; フランス; 仏国
it: Italy; Itlay; イタリア
es: Spain; Kingdom of Spain; Spian; スペイン
ch: Switzerland; Swiss Confederation; Switzerlnad; Swizerland; スイス
se: Sweden; Swedem; スウェーデン
is: Iceland; Icelnad; アイスランド
ie: Ireland; Irland; Republic of Ireland; アイルランド
in: India; Inida; インド
id: Indonesia; Indoneisa; Republic of Indonesia; インドネシア
my: Malaysia; Malayisa; マレーシア
sg: Singapore; Singapor; Republic of Singapore; シンガポール
kz: Kazakhstan; Kazakstan; Kazahkstan; カザフスタン
kg: Kyrgyzstan; Kyrgyz Republic; Kyrgystan; キルギス
tj: Tajikistan; Tadjikistan; タジキスタン
uz: Uzbekistan; Uzbekstan; ウズベキスタン
lk: Sri Lanka; Srilanka; Sri Lnaka; スリランカ
mv: Maldives; The Maldives; Maldvies
fj: Fiji; Fji; フィジー
sb: Solomon Islands; Solomon Is.; Solomon Island; ソロモン諸島
mh: Marshall Islands; Marshal Islands; マーシャル諸島
ck: Cook Islands; Cook Is.; The Cook Islands
lr: Liberia; Libera; リベリア
ly: Libya; Lybia; Libia; リビア
er: Eritrea; Eritera
et: Ethiopia; Etiopia; エチオピア
za: South Africa; Republic of South Africa; S. Africa; Souht Africa; 南アフリカ; 南アフリカ共和国
sa: Saudi Arabia; Saudia Arabia; Kingdom of Saudi Arabia; KSA; サウジアラビア
ps: Palestine; State of Palestine; Palestine, State of; パレスチナ
lv: Latvia; Lativa
lt: Lithuania; Lithunia
ge: Georgia; Gerogia; ジョージア; グルジア
ua: Ukraine; The Ukraine; Ukrane; ウクライナ
person toshimitsu-motegi: Toshimitsu Motegi; Motegi Toshimitsu; Motegi, Toshimitsu; MOTEGI Toshimitsu; Toshimitu Motegi; Foreign Minister Motegi; Mr Motegi; 茂木敏充; 茂木　敏充; 茂木外相; 茂木敏充外務大臣; 茂木
person winston-peters: Winston Peters; Peters, Winston; Rt Hon Winston Peters; Sir Winston Peters; Winstn Peters; Wintson Peters; Mr Peters; Foreign Minister Winston Peters; ウィンストン・ピーターズ; ウインストン・ピーターズ; ピーターズ外相
"""

NO_NAME_OF_OURS = """
Korea; Congo; Siberia; Austrasia; Austria-Hungary; Scotland; England; Northern Ireland; Greenland;
Hong Kong; Macau; American Samoa; New Caledonia; French Guiana; Western Sahara; Somaliland;
Yugoslavia; Czechoslovakia; Soviet Union; East Germany; South Vietnam; Netherlands Antilles;
Virgin Islands; Northern Cyprus; Zealand; New Guinea; Guyane; Nigerian; Dominican; Roland;
Junichiro Koizumi; Phil Collins; Winston Churchill; Peters; Collins; Koizumi; Motegi; Minister;
Democratic Republic; Republic; Kingdom; State; United; The; NATO; EU; African Union; XX; ZZZ; 000;
小泉純一郎; 小泉; 香港; ソ連; 東; 国; 共和国; n/a; unknown; -; ?; AUS; CH; GE; 036
"""


def _lines(text):
    return [line for line in text.strip().splitlines() if not line.startswith("#")]


def _table(name):
    return Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")


def _read(text):
    for line in _lines(text):
        of, _, spellings = line.partition(": ")
        kind, _, name = of.rpartition(" ")
        for each in spellings.split("; "):
            yield each, f"{kind or 'state'}/{name}"


TUNING = tuple(_read(_TUNING))
HELD_OUT = tuple(_read(_HELD_OUT))
_LATER = ("broad", "fresh", "last", "unseen", "judge", "final")
LATER = {name: tuple(_read(_table(name))) for name in _LATER}
NOT_SURE = tuple(
    each.strip()
    for text in (
        NO_NAME_OF_OURS,
        *(_table(f"{name}-not-sure") for name in ("broad", "fresh", "unseen", "judge")),
    )
    for line in _lines(text)
    for each in line.split(";")
    if each.strip()
)
