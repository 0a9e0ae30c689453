"""Invented news texts in several scripts, a sentence a line, with changes that each turn one fact."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """A text by its sentences, what stands between them, and changes that turn a sentence false."""

    language: str
    sentences: tuple[str, ...]
    changes: tuple[tuple[str, str], ...] = ()
    between: str = " "

    @property
    def text(self) -> str:
        return self.between.join(self.sentences)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where each sentence stands in the text."""
        spans, at = [], 0
        for sentence in self.sentences:
            spans.append((at, at + len(sentence)))
            at += len(sentence) + len(self.between)
        return spans

    def false_sentences(self) -> list[str]:
        """Every sentence that one of the changes turns false, so changed."""
        changed = (one.replace(old, new, 1) for one in self.sentences for old, new in self.changes)
        return sorted({sentence for sentence in changed if sentence not in self.sentences})


def _sample(language: str, text: str, changes: dict[str, str] | None = None, between: str = " ") -> Sample:
    return Sample(language, tuple(text.strip().splitlines()), tuple((changes or {}).items()), between)


HEBREW = _sample(
    "Hebrew",
    """
ארוונייה גירשה ביום שני 35 דיפלומטים של בלנד, כך מסר משרד החוץ.
דובר הממשלה אמר: ״לא נסכים להתערבות בענייני הפנים שלנו״.
שגריר בלנד זומן לשיחת הבהרה ב-12 במרס, אך לא הגיע.
לפי ההודעה, הדיפלומטים יעזבו את המדינה בתוך 72 שעות.
נשיאת בלנד, מירה קוסטן, הבטיחה תגובה הולמת.
צה״ל לא הגיב לדיווחים על סגירת הקונסוליה.
""",
    {
        "35": "53",
        "ביום שני": "ביום שלישי",
        "לא נסכים": "נסכים",
        "72": "27",
        "מירה קוסטן": "דנה לוריא",
        "12 במרס": "21 במרס",
        "לא הגיב": "הגיב",
    },
)
NIQQUD = _sample(
    "Hebrew with niqqud",
    """
הַמֶּמְשָׁלָה גֵּרְשָׁה אֶת הַשַּׁגְרִיר בְּיוֹם שֵׁנִי.
הַנְּשִׂיאָה אָמְרָה כִּי לֹא תִּסְלַח עַל הַפְּגִיעָה בַּמְּדִינָה.
שְׁלֹשָׁה דִּיפְּלוֹמָטִים עָזְבוּ אֶת הַבִּירָה בַּלַּיְלָה.
דּוֹבֵר הַמִּשְׂרָד הִבְטִיחַ תְּשׁוּבָה בְּתוֹךְ שָׁבוּעַ.
""",
    {"לֹא תִּסְלַח": "תִּסְלַח", "שְׁלֹשָׁה": "שִׁשָּׁה", "שֵׁנִי": "שְׁלִישִׁי"},
)
ARABIC = _sample(
    "Arabic",
    """
طردت أرفانيا يوم الاثنين 35 دبلوماسيا من بيلاند، حسبما أعلنت وزارة الخارجية.
وقال المتحدث باسم الحكومة: «لن نقبل أي تدخل في شؤوننا الداخلية».
واستُدعي سفير بيلاند في 12 مارس لكنه لم يحضر.
وأمام الدبلوماسيين ٧٢ ساعة لمغادرة البلاد.
ووعدت رئيسة بيلاند، ميرا كوستان، برد مناسب.
وفرضت الحكومة عقوبات على ثلاثة مصارف وتسع شركات.
""",
    {
        "35": "53",
        "يوم الاثنين": "يوم الثلاثاء",
        "لن نقبل": "نقبل",
        "٧٢": "٢٧",
        "ميرا كوستان": "دانا لوري",
        "لم يحضر": "حضر",
        "ثلاثة": "أربعة",
    },
)
CHINESE = _sample(
    "Chinese",
    """
阿尔瓦尼亚外交部周一宣布驱逐三十五名贝兰德外交官。
政府发言人表示：“我们决不接受对我国内政的干涉。”
贝兰德大使于3月12日被召见，但他没有到场。
这些外交官必须在72小时内离境。
贝兰德总统米拉·科斯坦承诺作出适当回应。
该国还对三家银行和九家公司实施了制裁。
""",
    {
        "三十五": "五十三",
        "周一": "周二",
        "没有到场": "到场",
        "72": "27",
        "科斯坦": "卢里亚",
        "12日": "21日",
        "三家": "四家",
        "决不接受": "接受",
    },
    "",
)
JAPANESE = _sample(
    "Japanese",
    """
アルヴァニア外務省は月曜日、ベランドの外交官三十五人を国外追放したと発表した。
政府報道官は「内政への干渉は受け入れない」と述べた。
ベランド大使は３月12日に呼び出されたが、出頭しなかった。
外交官らは72時間以内に出国しなければならない。
ベランドのコスタン大統領は、相応の対応を取ると約束した。
同国はさらに三つの銀行と九つの企業に制裁を科した。
""",
    {
        "三十五人": "五十三人",
        "月曜日": "火曜日",
        "受け入れない": "受け入れる",
        "72": "27",
        "コスタン": "ルリア",
        "しなかった": "した",
        "三つ": "四つ",
    },
    "",
)
TURKISH = _sample(
    "Turkish",
    """
İstanbul'daki İngiliz konsolosluğu pazartesi günü kapatıldı.
DIŞİŞLERİ BAKANI İSMAİL IŞIK, 35 diplomatın sınır dışı edildiğini açıkladı.
Işık, "İçişlerimize müdahaleyi kabul etmeyeceğiz" dedi.
İzmir ve Iğdır'da üç banka ile dokuz şirkete yaptırım uygulandı.
Büyükelçi 12 Mart'ta bakanlığa çağrıldı ama gelmedi.
İki ülke ılımlı bir dil kullanmayı kabul etti.
""",
    {
        "35": "53",
        "pazartesi": "salı",
        "etmeyeceğiz": "edeceğiz",
        "üç": "dört",
        "12": "21",
        "gelmedi": "geldi",
        "IŞIK": "IRMAK",
    },
)
FRENCH = _sample(
    "French",
    """
L'Arvanie a expulsé lundi trente-cinq diplomates du Belland, a annoncé le ministère des Affaires étrangères.
« Nous n'accepterons aucune ingérence dans nos affaires », a déclaré le porte-parole à la presse.
L'ambassadrice a été convoquée le 12 février, mais elle ne s'est pas présentée.
Les intéressés ont été priés de quitter le pays dès samedi, « où qu'ils se trouvent ».
""",
    {"trente-cinq": "cinquante-trois", "lundi": "mardi", "12": "21"},
)
VIETNAMESE = _sample(
    "Vietnamese",
    """
Bộ Ngoại giao hôm thứ Hai tuyên bố trục xuất ba mươi lăm nhà ngoại giao.
Người phát ngôn nói: “Chúng tôi không chấp nhận sự can thiệp.”
Đại sứ đã bị triệu tập ngày 12 tháng 3 nhưng không đến.
""",
    {"ba mươi lăm": "năm mươi ba", "thứ Hai": "thứ Ba", "12": "21"},
)
SCRIPTS = (HEBREW, ARABIC, CHINESE, JAPANESE)
