"""The words people put over the columns of a BOM, in several languages.

Phrases are normalised as `header.words` does it: lower case, no accents, one blank between
words. The strength says how surely a phrase means its role, before the content is looked at.
"""

from .mapping import Role
from .wordlists import word_set

STRONG, GOOD, FAIR, WEAK, FAINT = 1.0, 0.8, 0.6, 0.4, 0.2


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.replace("\n", " ").split("|") if phrase.strip())


_TABLE: tuple[tuple[Role, float, str], ...] = (
    (
        Role.DESIGNATORS,
        STRONG,
        """designator|designators|ref des|refdes|ref desig|ref designator|reference designator|
        reference designators|reference designator s|reference|references|reference s|refs|
        part reference|part references|component reference|schematic reference|circuit reference|
        ref designators|designator s|bezeichner|referenz|referenzen|referenzbezeichner|
        bauteilreferenz|repere|reperes|repere topologique|repere s|riferimento|riferimenti|
        referencia|referencias|designador|designadores|oznaczenie|oznaczenia|oznaceni|
        reference des|位号|标号|元件位号|器件位号|部品記号|リファレンス|回路記号|
        позиционное обозначение|поз обозначение|обозначение|posizione componente|
        component references|ref designation|回路番号|部品位号|元器件位号|unterpositionen|
        einbauplatze|bestuckungsplatz|positionen im plan|rep|reperes|desygnator|desygnatory|
        riferimento circuitale|component designator|rif|
        부품위치|위치번호|ref bez|referentie|referenties""",
    ),
    (
        Role.DESIGNATORS,
        FAIR,
        "ref|location|locations|placement|placements|einbauplatz|einbauort|位置|comp ref|symbol|"
        "symbole",
    ),
    (Role.DESIGNATORS, WEAK, "parts|position|positions|positionen|names|components"),
    (
        Role.QUANTITY,
        STRONG,
        """qty|qnty|qty s|quantity|quantities|menge|anzahl|stuckzahl|quantite|qte|cantidad|quantita|
        quantidade|qtd|qtde|ilosc|mnozstvi|pocet|aantal|antal|数量|用量|个数|個数|員数|количество|
        кол во|колво|usage|quantity per pcb|qty per board|qty per pcb|quantity per board|kpl|q ty|
        qty board|qty pcb|qpa|qty per|per board|qty per unit|qty per assembly|menge pro platine|
        cantidad por placa|comp qty|component quantity|qty used|required qty|ilosc szt|sztuk|
        bedarfsmenge|einsatzmenge|mengen|需求数量|单机用量|使用数|数量 个|
        수량|소요량|q ta|stucklistenmenge|qty reqd""",
    ),
    (
        Role.QUANTITY,
        FAIR,
        "count|quant|stk|stuck|stueck|cant|pcs|pieces|pcs board|nombre|nb|no of parts|amount|qt|数",
    ),
    (Role.QUANTITY, WEAK, "number of ref|number of refs|total qty|total quantity|gesamtmenge|req"),
    (
        Role.MPN,
        STRONG,
        """mpn|mfpn|mfrpn|mfgpn|manpn|mfr pn|mfg pn|mpn s|herstellernummer|herstellerteilenummer|
        hersteller nr|hersteller nummer|hersteller artikelnummer|herstellerartikelnummer|
        reference fabricant|ref fabricant|reference constructeur|codice produttore|
        codice costruttore|referencia fabricante|制造商料号|制造商编号|制造商型号|厂家型号|
        厂商型号|生产商型号|メーカー型番|メーカ型番|メーカー品番|kod producenta|cislo vyrobce|
        symbol producenta|numer producenta|oznaczenie producenta|hersteller typ|herstellertyp|
        herstellerbezeichnung|原厂型号|厂家料号|制造商零件编号|approved mpn|
        referencia del fabricante|numero de parte del fabricante|part number manufacturer|
        cod costruttore|cod produttore|codigo do fabricante|codigo fabricante|제조사 품번|
        artikelnummer fabrikant|part or identifying no""",
    ),
    (
        Role.MPN,
        GOOD,
        """part number|part numbers|part no|part nr|part num|part #|partno|partnumber|partnum|
        part number s|型号|型番|规格型号|order code|ordering code|teilenummer|part code|
        numero de pieza|numero de parte|codigo de parte|numero de piece|codice articolo|
        typenbezeichnung|typbezeichnung|形式|型式|型格""",
    ),
    (
        Role.MPN,
        FAIR,
        "pn|p n|artikelnummer|artikel nr|bestellnummer|品番|артикул|numer czesci|artnr|art nr|"
        "model|部品番号",
    ),
    (Role.MPN, FAINT, "lib ref|libref|library ref|library reference|part name|device name"),
    (
        Role.MANUFACTURER,
        STRONG,
        """manufacturer|manufacturers|manufacturer s|manufacturer name|mfr|mfg|mfgr|manf|manu|manuf|
        mnf|maker|hersteller|herstellername|fabricant|fabricante|fabbricante|produttore|costruttore|
        constructeur|fabrikant|producent|vyrobce|制造商|厂商|厂家|生产商|生产厂家|メーカー|メーカ|
        производитель|mfr name|mfg name|manufacture|approved manufacturer|approved vendor|
        厂牌|制造厂商|原厂|製造元|製造メーカー|メーカ名|メーカー名|제조사|메이커""",
    ),
    (Role.MANUFACTURER, GOOD, "brand|品牌|producer|make|marke|marque|marca"),
    (Role.MANUFACTURER, WEAK, "vendor"),
    (
        Role.ALTERNATIVE,
        STRONG,
        """alternative|alternatives|alternate|alternates|alternate part|alternate parts|
        alternative part|alternative parts|alternativteil|alternativtyp|ersatztyp|ersatz|
        zweitquelle|second source|2 nd source|second sources|substitute|substitutes|replacement|
        replacements|equivalent|equivalents|alternativa|alternativas|alternative s|sostituto|
        remplacement|equivalence|zamiennik|nahrada|替代|替代料|代替品|代替|备选|备用料|
        alt|alts|alt part|alt parts|замена|аналог|or equivalent|alternativo|alternativos|sustituto|
        zamienniki|nahradnik|代替部品|互換品|替代物料|equivalente|equivalenti|alternativbauteil|
        alternativtypen|alternative sources|other sources|alternatief|vervanger|
        замены""",
    ),
    (
        Role.REMARKS,
        STRONG,
        """remark|remarks|note|notes|bemerkung|bemerkungen|kommentar|anmerkung|anmerkungen|
        hinweis|hinweise|remarque|remarques|commentaire|commentaires|observaciones|observacoes|
        notas|nota|비고|osservazioni|uwagi|poznamka|poznamky|opmerking|opmerkingen|备注|備考|примечание|
        comments|bom note|bom notes|buyer note""",
    ),
    (
        Role.DESCRIPTION,
        STRONG,
        """description|descriptions|desc|descr|part description|component description|beschreibung|
        item description|bezeichnung|benennung|descripcion|descrizione|descricao|opis|popis|
        omschrijving|描述|规格描述|说明|品名|名称|説明|仕様|описание|наименование|
        bauteilbeschreibung|物料名称|物料描述|器件名称|元件名称|部品名|komponentenbezeichnung|품명|
        nomenclature or description|
        objektkurztext|materialkurztext|kurztext|bezeichnung bauteil|nazwa""",
    ),
    (
        Role.DESCRIPTION,
        WEAK,
        """details|characteristics|specification|specifications|规格|category|type|item name|
        part name|component name|typ|rodzaj|tipo|genre""",
    ),
    (
        Role.VALUE,
        STRONG,
        """value|val|wert|werte|valeur|valor|valore|wartosc|hodnota|waarde|part value|值|参数|値|
        定数|номинал|bauteilwert|component value""",
    ),
    (Role.VALUE, FAIR, "comment|part type|designation|value comment"),
    (Role.VALUE, FAINT, "name|part|device"),
    (
        Role.FOOTPRINT,
        STRONG,
        """footprint|package|pcb footprint|case|gehause|bauform|boitier|encapsulado|封装|パッケージ|
        land pattern|pcb decal|decal|case package|package case|package id|корпус|pouzdro|obudowa|
        contenitore|behuizing|case size|encapsulado footprint|package footprint|empreinte""",
    ),
    (Role.FOOTPRINT, WEAK, "size|pattern|package type|form factor"),
    (
        Role.DNP,
        STRONG,
        """no montar|non montare|不贴|niet geplaatst|미실장|nf|dnp s|
        nicht bestuckt|non monte""",
    ),
    (
        Role.FITTED,
        STRONG,
        """fitted|populate|populated|mounted|mount|install|installed|install option|placed|place|
        fit|stuff|stuffed|assemble|assembled|assembly info|assembly option|assembly|bestuckt|
        bestuckung|bestucken|monte|montado|montato|population|populate option|fit option|
        assembly note|bom option|实装|实贴|是否贴片|load|loaded|montar|montaz|cable|cablage|equipe|
        osazeni|osadit|貼裝|是否焊接|是否贴装|実装有無|実装区分|to be fitted|to be assembled|
        placement option|assembly variant|fitting|montaggio|montagem""",
    ),
    (
        Role.IPN,
        STRONG,
        """ipn|internal part number|internal pn|company part number|company pn|house part number|
        hpn|cpn|mypn|my pn|our part number|our pn|mrp|mrp code|sap|sap number|sap nr|erp|item code|
        material number|material|materialnummer|sachnummer|stock code|interne nummer|
        interne artikelnummer|物料编码|物料编号|物料代码|customer part number|customer pn|
        internal number|internal id|part id|inventory number|codice interno|codigo interno|
        house pn|code article|sku internal|epn|in house part number|in house pn|kod wewnetrzny|
        item id|item code|komponente|komponentennummer|component number|sap material|sachnr|
        teile nr intern|interne nr|materialnr|material nr|stock no|stock id|article number|
        品目コード|部品コード|物料号|存货编码|indeks|indeks materialowy|cislo polozky""",
    ),
    (Role.IPN, FAIR, "料号|item number|code|codigo|codice|kod|material code|部品番号"),
    (
        Role.SUPPLIER,
        STRONG,
        """supplier|supplier name|distributor|distributor name|lieferant|distri|fournisseur|
        distributeur|fornitore|proveedor|distribuidor|fornecedor|leverancier|dostawca|dodavatel|
        供应商|仕入先|購入先|поставщик|vendor name|source|purchased from""",
    ),
    (
        Role.SKU,
        STRONG,
        """sku|dpn|supplier part|supplier ref|distributor part|order number|order no|order nr|
        ordernr|order #|catalog number|catalogue number|供应商料号|供应商编号|商品编号|spn|
        stock number""",
    ),
    (
        Role.ITEM,
        STRONG,
        """item|item no|item nr|item #|line|line no|line #|line item|pos|pos nr|position no|nr|no|#|
        num|id|sl no|si no|s no|sno|sr no|srno|index|lp|poz|序号|番号|编号|row|lfd nr|lfd|n|
        № п п|№|ord|idx|bom line|find no|find number|seq|sequence""",
    ),
    (
        Role.PREFERENCE,
        STRONG,
        """preferred|preference|preferred status|preferred source|rank|ranking|priority|prio|
        source rank|source status|aml status|avl status|mfr status|manufacturer status|
        prioritat|rang|priorite|prioridad|优先级""",
    ),
    (
        Role.LEVEL,
        STRONG,
        """level|bom level|structure level|indent level|indenture|lvl|ebene|stufe|struktur ebene|
        baustufe|niveau|nivel|livello|poziom|uroven|层级|階層|レベル|уровень|depth""",
    ),
)

PHRASES: dict[str, tuple[tuple[Role, float], ...]] = {}
for _role, _strength, _text in _TABLE:
    for _phrase in _phrases(_text):
        PHRASES[_phrase] = (*PHRASES.get(_phrase, ()), (_role, _strength))
PHRASES["component"] = ((Role.ITEM, WEAK), (Role.VALUE, FAINT), (Role.DESIGNATORS, FAINT))
PHRASES["position"] = ((Role.DESIGNATORS, WEAK), (Role.ITEM, FAIR))
PHRASES["positionen"] = PHRASES["position"]
PHRASES["pos"] = ((Role.ITEM, STRONG), (Role.DESIGNATORS, WEAK))
PHRASES["reference"] = ((Role.DESIGNATORS, STRONG), (Role.MPN, WEAK))
PHRASES["vendor"] = ((Role.SUPPLIER, GOOD), (Role.MANUFACTURER, FAIR))
PHRASES["item"] = ((Role.ITEM, STRONG), (Role.DESCRIPTION, WEAK))
PHRASES["item number"] = ((Role.ITEM, GOOD), (Role.IPN, FAIR))
PHRASES["no"] = ((Role.ITEM, STRONG),)
PHRASES["part"] = ((Role.VALUE, FAINT), (Role.MPN, FAINT), (Role.DESIGNATORS, FAINT))
PHRASES["number"] = ((Role.ITEM, FAIR), (Role.IPN, WEAK))
PHRASES["部品番号"] = ((Role.MPN, FAIR), (Role.IPN, FAIR), (Role.DESIGNATORS, WEAK))
PHRASES["designation"] = ((Role.VALUE, FAIR), (Role.DESCRIPTION, FAIR), (Role.DESIGNATORS, FAINT))
PHRASES["bezeichnung"] = ((Role.DESCRIPTION, STRONG), (Role.DESIGNATORS, FAINT))

# Beside the MPN these say what a part is, not what the company calls it.
PHRASES["规格型号"] = ((Role.MPN, GOOD), (Role.VALUE, FAIR))
PHRASES["型号"] = ((Role.MPN, GOOD), (Role.VALUE, FAINT))
# A comment beside a value says something else about the part.
PHRASES["comment"] = ((Role.VALUE, FAIR), (Role.REMARKS, FAINT))

# Over a column of designators: it goes on with those of another one, or of the other side.
MORE_WORDS = word_set(
    """
    cont contd continued continuation more further additional rest top bottom bot front back
    fortsetzung forts weitere oben unten suite dessus dessous haut bas arriba abajo"""
)
MANUFACTURER_WORDS = word_set(
    """
    manufacturer manufacturers mfr mfg mfgr manf manu manuf mnf maker hersteller fabricant
    fabricante fabbricante produttore costruttore constructeur fabrikant producent producenta
    vyrobce producer brand manufacture mf
    제조사 制造商 厂商 厂家 品牌 厂牌 生产商 原厂 メーカー メーカ 製造元"""
)
SUPPLIER_WORDS = word_set(
    """
    supplier distributor lieferant distri fournisseur distributeur fornitore proveedor
    distribuidor fornecedor leverancier dostawca dodavatel vendor dist
    供应商 仕入先"""
)
DISTRIBUTORS = word_set(
    """
    digikey dk mouser farnell newark element14 lcsc szlcsc tme arrow avnet rs conrad
    reichelt verical jlc jlcpcb chip1stop rutronik distrelec rscomponents buerklin tti
    octopart mcmaster future sparkfun adafruit"""
)
NUMBER_WORDS = word_set(
    """
    pn part parts number numbers no nr num # code ref reference references partno partnumber
    order mpn artikelnummer bestellnummer nummer teilenummer article cislo numer numero nº
    sku id catalog catalogue item reel 料号 型号 型番 品番 编号 编码 形式 型式"""
)
ALTERNATE_WORDS = word_set(
    """
    alternate alternates alternative alternatives alt alternativ alternativa alternativen
    ersatz substitute substitution replacement equivalent equivalents zweitquelle second 2nd
    zamiennik nahrada sostituto remplacement alternativo sustituto
    대체품 セカンドソース 替代 替换 代替 代用 备选 備選 备用 互換"""
)
#: Beside words for the manufacturer and its number: those of an alternate when others have none.
SECONDARY_WORDS = word_set("avl aml approved secondary backup second alternate other")
#: What is done to a part on the board, and what is said of one to which it is not done.
ASSEMBLY_WORDS = word_set(
    """
    load loaded install installed stuff stuffed assemble assembled fit fitted mount mounted place
    placed populate populated pop solder soldered build equip equipped monter monte cabler
    bestuckt bestucken montieren montar montare montato montado plaatsen geplaatst osadit osazeno
    montowac"""
)
NEGATIONS = word_set("no not non don dont dnt nicht ne pas nao nie niet neosazovat without")
EXCLUSIONS = word_set(
    """
    exclude excluded omit omitted skip skipped depopulate depopulated unfitted unpopulated
    unplaced unmounted unstuffed uninstalled unloaded unbestuckt nofit noload nomount noplace
    nopop nostuff noinstall dnp dni dnf dnm dns dnl dna"""
)
#: Over the unit of a quantity; `unit price` and `units` are none.
UNIT_WORDS = word_set(
    "uom um me einheit mengeneinheit einheitencode unite un unidad unita jm mj 单位 単位"
)
IGNORED_WORDS = word_set(
    """
    price prices cost costs preis preise prix prezzo precio preco cena eur usd gbp url urls
    link links http https datasheet datasheets datenblatt stock moq spq currency rohs reach
    lead leadtime weight subtotal extended spice netlist rotation layer side msl hts eccn
    lifecycle tolerance tol voltage volt current power pwr temperature temp height allowed
    unit units uom price100 total footprintlib lib checksum picture image fab pin pins width
    mesure date author revision status dielectric me einheit mengeneinheit basiseinheit unite
    unidad unita jm mj 单位 単位 sheet library cage"""
)
