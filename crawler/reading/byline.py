"""Who wrote it: names from a byline, and telling a byline from a paragraph."""

from __future__ import annotations

import re

from crawler.markup.body import Paragraph, clean

LONGEST = 80
"""Characters a byline below the text may have."""
LONGEST_HEADER = 1_000
"""Characters a header's list of authors may have; what is longer is none."""
MOST_WORDS = 6
"""Words of a name that is told by its shape alone."""

_PREFIX = re.compile(r"(?:tác giả|bài\s*(?:và|,|-|&)\s*ảnh|bài|ảnh|thực hiện|người viết)\s*:\s*", re.IGNORECASE)
_PHOTO = re.compile(r"\s*[-–—;,|.]\s*(?:ảnh|photo|đồ họa|minh họa|video)\s*(?::|(?-i:[A-ZĐ])).*$", re.IGNORECASE)
"""A credit for pictures behind the author's name."""
_ROLE = re.compile(r"\s*[(\[][^)\]]*[)\]]?")
_MAIL = re.compile(r"(?:e-?mail\s*:\s*)?\S+@\S+", re.IGNORECASE)
_SOURCE = re.compile(r"\(?(?:theo|nguồn)\b\s*:?\s*\S", re.IGNORECASE)
_PAPER = re.compile(r"(?:báo|tạp chí|tòa soạn|toà soạn)\b.*|h(?:à\s*nội\s*mới|ànộimới|anoimoi|nm|nmo)", re.IGNORECASE)
"""A newspaper in the place of a person."""
_OFFICE = re.compile(
    r"(?:,|\s[-–—])\s*(?:nguyên|phó|cựu|chủ tịch|giám đốc|viện trưởng|trưởng|hiệu trưởng|đại biểu|ủy viên|uỷ viên"
    r"|bí thư|thành viên|chuyên gia|chuyên viên|giảng viên|nhà|luật sư|bác sĩ|kiến trúc sư|nghệ sĩ|tổng|cố vấn|cán bộ"
    r"|đại học|bệnh viện|trường|viện|hội|sở|bộ|ban|trung tâm|công ty|học viện)\b.*$",
    re.IGNORECASE,
)
"""What someone is, behind the name."""
_BETWEEN = re.compile(r"\s*(?:[;,&|]\s*|\s[-–—]\s|\svà\s)\s*")
_SENTENCE_END = re.compile(r"[.!?…:”\"]$")


def split_authors(text: str) -> tuple[str, ...]:
    """`"Bài: An - Bình/Phóng viên"` → `("An", "Bình")`. A role, an office or a newspaper goes, a title stays.

    A source ("Theo Báo Thử") is no author.
    """
    if len(text) > LONGEST_HEADER or _SOURCE.match(clean(text)):
        return ()
    listed = _ROLE.sub("", _PREFIX.sub("", _PHOTO.sub("", _MAIL.sub("", clean(text))), count=1))
    names = (clean(name.split("/")[0]).strip(" .,;|-–—") for name in _BETWEEN.split(_OFFICE.sub("", listed)))
    return tuple(dict.fromkeys(name for name in names if name and not _PAPER.fullmatch(name)))


def is_byline(paragraph: Paragraph) -> bool:
    """A short last paragraph, set right or all bold, that reads as names and not as a sentence."""
    if not (paragraph.right or paragraph.bold):
        return False
    return reads_as_names(paragraph.text, LONGEST)


def is_name_alone(paragraph: Paragraph) -> bool:
    """A paragraph that only its shape tells from text: one or two names and nothing else."""
    return len(paragraph.text.split()) in range(2, MOST_WORDS + 1) and reads_as_names(paragraph.text, LONGEST)


def is_source(text: str) -> bool:
    """Whether a short line names where a text was taken from."""
    return len(text) <= LONGEST and _SOURCE.match(text) is not None and not _SENTENCE_END.search(text)


def reads_as_names(text: str, longest: int = LONGEST) -> bool:
    """Whether a line is names: no sentence's end, no digit, and each word begins with a capital."""
    if len(text) > longest or "\n" in text or _SENTENCE_END.search(text.rstrip("|")):
        return False
    words = [word for name in split_authors(text) for word in name.split()]
    return bool(words) and all(word[0].isupper() and not re.search(r"\d", word) for word in words)
