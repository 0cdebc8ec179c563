"""Every living script stands on paper as its readers write it, and is read back letter by letter.

Read back by two programs: pdfium (which the scanner of exports uses) and pypdf.
"""

import hashlib
import io
import subprocess
import sys
from unicodedata import bidirectional, category, normalize

import pypdf
import pypdfium2
import pytest

from shelter_desk.reports import blocks, charts, typefaces
from shelter_desk.reports.lettering import bidi, foreign, line_breaks, scripts
from shelter_desk.reports.page import MARGIN
from shelter_desk.reports.pdf import make_pdf

SAID = {
    "Chinese": "李娜和王小明住在二楼。她说：「我想给妈妈打电话」，然后就去睡觉了。",
    "Japanese": "佐藤さくらさんは、昨日の夜、ティーンと電話がしたいと言いました。",
    "Korean": "김민지 학생은 어제 밤에 전화를 하고 싶다고 말했습니다.",
    "Arabic": "محمد العربي قال إنه يريد الاتصال بأمه لأنه لا ينام",
    "Persian": "مریم می‌خواهد با مادرش صحبت کند و گفت که نمی‌تواند بخوابد",
    "Urdu": "فاطمہ نے کہا کہ وہ اپنی ماں سے بات کرنا چاہتی ہے۔",
    "Pashto": "زرغونه غواړي له خپلې مور سره خبرې وکړي",
    "Hebrew": "שָׂרָה כהן אמרה שהיא רוצה לדבר עם אמא שלה",
    "Syriac": "ܫܠܡܐ ܐܡܝ",
    "Dhivehi": "ޢާއިޝާ މަންމަ",
    "Thai": "สมหญิงบอกว่าเธออยากโทรหาแม่ของเธอเมื่อคืนนี้แล้วก็น้ำตาไหล",
    "Lao": "ນາງຈັນບອກວ່າລາວຢາກໂທຫາແມ່ຂອງນາງໃນຄືນນີ້",
    "Khmer": "ស្រីមុំបាននិយាយថានាងចង់ទូរស័ព្ទទៅម្តាយរបស់នាងនៅយប់មិញ",
    "Burmese": "မြန်မာနိုင်ငံမှ အေးအေးက သူ့အမေနှင့် ကျော်ပြောချင်သည်ဟု ပြောသည်။",
    "Tibetan": "བསྟན་འཛིན་གྱིས་ཨ་མ་ལ་ཁ་པར་གཏོང་འདོད།",
    "Hindi": "दीपा शर्मा ने कहा कि वह अपनी माँ से बात करना चाहती है। क्षत्रिय",
    "Bengali": "মিতালী বলেছে সে তার মায়ের সাথে কথা বলতে চায়। ক্ষুদ্র",
    "Punjabi": "ਸਿਮਰਨ ਆਪਣੀ ਮਾਂ ਨਾਲ ਗੱਲ ਕਰਨਾ ਚਾਹੁੰਦੀ ਹੈ।",
    "Gujarati": "મીનાએ કહ્યું કે તે તેની માતા સાથે વાત કરવા માંગે છે",
    "Odia": "ମିନା ତାଙ୍କ ମାଙ୍କ ସହ କଥା ହେବାକୁ ଚାହାନ୍ତି।",
    "Tamil": "பொன்னி தன் அம்மாவுடன் பேச விரும்புவதாகச் சொன்னாள்",
    "Telugu": "లక్ష్మి తన అమ్మతో మాట్లాడాలని చెప్పింది",
    "Kannada": "ಲಕ್ಷ್ಮಿ ತನ್ನ ತಾಯಿಯೊಂದಿಗೆ ಮಾತನಾಡಲು ಬಯಸುತ್ತಾಳೆ",
    "Malayalam": "ലക്ഷ്മി അമ്മയോട് സംസാരിക്കാൻ ആഗ്രഹിക്കുന്നു",
    "Sinhala": "නිමාලි ඇගේ අම්මා සමඟ කතා කිරීමට කැමතියි ශ්‍රී",
    "Amharic": "ሰላም አበበ ከእናቷ ጋር መነጋገር እንደምትፈልግ ተናገረች።",
    "Georgian": "ნინო ამბობს რომ დედასთან დალაპარაკება უნდა",
    "Armenian": "Անի ասաց որ ուզում է խոսել մոր հետ։",
    "Cherokee": "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ",
    "Inuktitut": "ᐃᓄᒃᑎᑐᑦ",
    "Berber": "ⵜⴰⵎⴰⵣⵉⵖⵜ",
    "Vietnamese": "Nguyễn Thị Hồng nói rằng em muốn gọi cho mẹ Nguye\u0302\u0303n",
    "Yoruba": "Ọlọ́run ẹ̀kọ́ ṣé ìyá",
    "Kʼicheʼ": "Ixim Ulew kꞌicheꞌ Ꞌ",
    "Pictures": "ok 👍🏽 😀 👩‍👧",
}
TITLE = "About محمد العربي and 李娜"


def a_paper():
    furniture = blocks.Furniture(TITLE, "Harbor House بيت", "本文件保密。Keep it safe." * 9)
    inside = (
        blocks.Heading(TITLE),
        blocks.Facts(tuple(SAID.items())),
        blocks.Table(
            "Names", ("Said", "Script"), tuple((said, name) for name, said in SAID.items())
        ),
        *(blocks.Text(SAID[one] * 8) for one in ("Chinese", "Thai", "Khmer", "Arabic")),
        blocks.Figures((("3", "李娜"), ("김", "words"))),
        blocks.WriteOn(("Signed 김민지",)),
    )
    return blocks.Paper(furniture, inside)


def a_short_paper():
    said = " ".join((SAID["Chinese"], SAID["Arabic"], SAID["Hindi"]))
    return blocks.Paper(blocks.Furniture(TITLE, "Harbor House", ""), (blocks.Text(said),))


@pytest.fixture(scope="module")
def data():
    return make_pdf(a_paper())


@pytest.fixture(scope="module")
def pages(data):
    document = pypdfium2.PdfDocument(data)
    yield [page.get_textpage() for page in document]
    document.close()


@pytest.fixture(scope="module")
def read(data, pages):
    """What each reader reads, by its name."""
    return {
        "pypdf": " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages),
        "pdfium": " ".join(page.get_text_range() for page in pages),
    }


def test_every_letter_is_in_the_file_and_none_is_a_box(read):
    for reader, text in read.items():
        # Where the face changes, pypdf puts a space of its own.
        found = "".join(normalize("NFC", text).split())
        assert "byhand" not in found
        assert "□" not in found
        for script, said in SAID.items():
            lost = [word for word in said.split() if normalize("NFC", word) not in found]
            if reader == "pdfium":  # it takes a joiner for the end of a word
                lost = [word for word in lost if "\u200c" not in word]
                assert {*normalize("NFD", said)} - {" "} <= set(normalize("NFD", found)), script
            assert not lost, (reader, script)


def test_headings_and_bookmarks_hold_letters_and_no_private_signs(data, read):
    (mark, *_) = pypdfium2.PdfDocument(data).get_toc()
    assert mark.get_title() == TITLE
    for text in read.values():
        assert "李娜" in text
        assert not [sign for sign in text if category(sign) == "Co"]


def test_a_screen_reader_is_told_what_stands_from_right_to_left_in_the_order_of_reading(data):
    waiting = [pypdf.PdfReader(io.BytesIO(data)).trailer["/Root"]["/StructTreeRoot"]["/K"]]
    said = []
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, list):
            waiting += element
        elif isinstance(element, dict):
            said += [element["/ActualText"]] if "/ActualText" in element else []
            waiting += [element["/K"]] if "/K" in element else []
    assert {TITLE, SAID["Arabic"], SAID["Persian"], SAID["Arabic"] * 8} <= set(said)
    assert SAID["Chinese"] not in said


def test_nothing_runs_out_of_the_page(pages):
    for page in pages:
        boxes = [page.get_charbox(at) for at in range(page.count_chars())]
        assert min(left for left, _, right, _ in boxes if right > left) > MARGIN - 3
        assert max(right for _, _, right, _ in boxes) < 612 - MARGIN + 3


def test_a_name_from_right_to_left_stands_so_among_english_words(pages):
    line = next(page for page in pages if page.search("About").get_next())
    boxes = {}
    for at in range(line.count_chars()):
        left, bottom, right, top = line.get_charbox(at)
        if top - bottom > 0 and 680 < bottom < 740:  # the heading
            boxes.setdefault(line.get_text_range(at, 1), []).append((left, right))
    (first,), (about, *_) = boxes["ح"], boxes["A"]
    assert about[1] < boxes["ي"][0][0] < boxes["ع"][0][0] < first[0] < boxes["李"][0][0]


def test_arabic_letters_are_joined_and_an_indic_vowel_stands_before_its_consonant():
    alone, inside = (scripts.face_with("م").clusters(word) for word in ("م", "محمد"))
    assert [one.text for one in inside] == list("محمد")
    assert len({alone[0].sign, inside[0].sign, inside[2].sign}) == 3
    assert [one.text for one in scripts.face_with("द").clusters("शर्मि")] == ["श", "र्मि"]


def test_the_same_paper_is_the_same_file_in_every_process_and_plain_ones_open_no_face(data):
    assert data
    here = make_pdf(a_short_paper())  # after many other letters
    ask = (
        "import hashlib\n"
        "from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames\n"
        "from shelter_desk.reports import blocks, pdf\n"
        "plain = blocks.Furniture('Añо', 'Harbor House', 'Keep – it')\n"
        "pdf.make_pdf(blocks.Paper(plain, (blocks.Text('Nguyễn Łukasz “a” – €'),)))\n"
        "names = getRegisteredFontNames()\n"
        "assert 'Inter' in names and not [n for n in names if n.startswith(('Noto', 'wqy'))]\n"
        "from tests.reports.test_lettering import a_short_paper\n"
        "print(hashlib.sha256(pdf.make_pdf(a_short_paper())).hexdigest())\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.strip() == hashlib.sha256(here).hexdigest()


def test_a_label_without_spaces_keeps_to_its_side_of_a_bar():
    lines = charts._lines("由警察或儿童保护机构转介来的青少年人数总计", 90)
    assert max(foreign.width_of(line, typefaces.REGULAR, 9) for line in lines) <= 90
    assert "".join(lines) == "由警察或儿童保护机构转介来的青少年人数总计"


def test_each_script_is_in_a_face_of_its_own_or_in_one_of_many():
    for first, last, script in scripts.SCRIPTS:
        letters = [chr(code) for code in range(first, last + 1) if bidirectional(chr(code))]
        assert any(scripts.face_with(letter) for letter in letters), script


@pytest.mark.parametrize(
    ("typed", "base", "seen"),
    [
        ("Name: אבג now", 0, "Name: גבא now"),
        ("אבג דה", 0, "הד גבא"),
        ("car is אבג דה 12, ok", 0, "car is 12 הד גבא, ok"),
        ("אב abc גד", 1, "דג abc בא"),
        ("אב (abc) גד", 1, "דג (abc) בא"),
        ("he said (אב) 5", 0, "he said (בא) 5"),
        ("مح 14/03/2026 د", 1, "د 14/03/2026 حم"),
        ("مح 9:30 د", 1, "د 9:30 حم"),
        ("אב -5% ג", 1, "ג 5%- בא"),
        ("אב. ", 1, " .בא"),
        ("a (ב) c", 0, "a (ב) c"),
        ("", 0, ""),
        ("a \u202bאב\u2067 ג\u202c", 0, "a \u202b\u202cג \u2067בא"),
    ],
)
def test_the_order_on_a_line_is_that_of_the_standard(typed, base, seen):
    levels = bidi.levels(typed, base)
    shown = [
        bidi.MIRRORED.get(typed[at], typed[at]) if levels[at] % 2 else typed[at]
        for at in bidi.order(levels)
    ]
    assert "".join(shown) == seen


@pytest.mark.parametrize(
    ("typed", "base"),
    [
        ("12 (אב)", 1), ("محمد العربي.", 1), ("", 0), ("12", 0), ("About אבג", 0),
        ("محمد العربي, F-729: was involved", 0), ("م. ا., away", 0), (SAID["Arabic"], 1),
        ("Mo " + SAID["Arabic"], 1),
        (SAID["Hebrew"] + " (Mia)", 1), (SAID["Arabic"] + " and he said so to all of us here", 0),
    ],
)  # fmt: skip
def test_a_line_that_begins_with_a_name_goes_on_in_the_papers_direction(typed, base):
    assert bidi.base_level(typed) == base


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        ("说", "话", True), ("了", "。", False), ("「", "我", False), ("李", "a", True),
        ("ん", "ー", False), ("แ", "ม่", False), ("น้", "ำ", False), ("ส", "วั", True),
        ("ស្រី", "មុំ", True), ("མ་", "ལ", True), ("a", "b", False), ("م", "ح", False),
        ("दी", "पा", False), ("김", "민", True),
    ],
)  # fmt: skip
def test_lines_end_where_the_script_lets_them(before, after, may):
    assert line_breaks.may_break(before, after) is may


def test_a_mark_that_no_face_has_with_its_letter_stands_beside_it():
    found = scripts.runs("כ\u0301 Zoe\u0308 1\ufe0f\u20e3", "Inter")
    assert [((face and face.fontName) or "Inter", run) for face, run in found] == [
        ("NotoSansHebrew-Regular", "כ"), ("Inter-400Regular", "\u0301"), ("Inter", " Zo"),
        ("Inter-400Regular", "e\u0308"), ("Inter", " "), ("NotoEmoji-Regular", "1\ufe0f\u20e3"),
    ]  # fmt: skip
