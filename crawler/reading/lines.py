"""Lines that stand in a body and are not its text: titles of boxes, share buttons, notices, what repeats the header."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.markup.body import Paragraph
from crawler.reading.doubts import Doubt

LONGEST = 300
"""Characters of such a line."""
_RELATED = re.compile(
    r"[>»•\-–\s]*(?:(?:các\s+)?(?:tin|bài)(?:\s+viết)?\s+(?:liên quan|khác|cùng chuyên mục|mới hơn|cũ hơn|đọc nhiều)"
    r"|(?:xem|đọc)\s+(?:thêm|tiếp|nhiều)|có thể bạn quan tâm|mời (?:bạn|quý vị|quý) .{0,20}(?:xem|đọc)[^.]{0,40})\s*:?",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"\(?\*?\)?\s*(?:không sao chép dưới mọi hình thức.*|(?:vui lòng |đề nghị )?ghi rõ nguồn.{0,120}"
    r"|bản quyền (?:thuộc|thuộc về|bài viết thuộc(?: về)?)\s+(?:báo|tòa soạn|toà soạn|cơ quan|hà ?nội ?mới).{0,120}|©.*"
    r"|nghe (?:đọc )?(?:bài|bài viết|audio|nội dung|podcast)(?: này| viết)?|quảng cáo|advertisements?)\W*",
    re.IGNORECASE | re.DOTALL,
)
_DASHES = re.compile(r"[-–—|·,;:/>»›]{1,3}")
"""What is left between a header's parts when they are taken out."""
_SHARE = re.compile(
    r"(?:chia sẻ(?: bài viết)?|facebook|zalo|twitter|google news|email|e-mail|gửi email|in(?: bài| trang)?"
    r"|sao chép liên kết|copy link|bình luận|lưu(?: bài)?|theo dõi|messenger|telegram|linkedin|thích|like|share)",
    re.IGNORECASE,
)
_BETWEEN_PARTS = re.compile(
    r"(?:[-–—|·,;:/>»›()\s]|ngày đăng|đăng lúc|chuyên mục|tác giả|bài|bởi|theo"
    r"|thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật)*",
    re.IGNORECASE,
)
"""What a header's line may have between its parts."""
_SUSPECT = re.compile(
    r"(?:đọc thêm|xem thêm|xem chi tiết|từ khóa|từ khoá|hotline|đường dây nóng|mọi (?:thông tin|ý kiến)|mời bạn đọc"
    r"|bài viết thể hiện quan điểm|theo dõi .*(?:google|facebook|zalo)|đăng ký (?:nhận|theo dõi)|lượt xem|cỡ chữ"
    r"|đánh giá|bình chọn|tag[s]?\s*:|\(c\)|\(\*\)\s*tác giả|your browser|\[?\d{1,3}\]?$|\d{1,2}:\d{2}\s*/"
    r"|\S+@\S+\.\S+$|(?:tel|email|e-mail|điện thoại)\s*:)",
    re.IGNORECASE,
)
"""How lines begin that boxes hold more often than texts."""
_GOES_ON = re.compile(r"(?:xem|đọc) (?:tiếp|thêm)\W*", re.IGNORECASE)


def is_notice(text: str) -> bool:
    """Whether a line is a box' title, a share button or a notice of rights."""
    if len(text) > LONGEST:
        return False
    if _RELATED.fullmatch(text) or _NOTICE.fullmatch(text) or _DASHES.fullmatch(text):
        return True
    return all(_SHARE.fullmatch(part.strip()) for part in re.split(r"\n|\s\|\s", text))


def begins_box(text: str) -> bool:
    """Whether a text begins with a box' title."""
    return _RELATED.match(text) is not None


def without_notices(paragraphs: list[Paragraph], known: Iterable[str]) -> tuple[list[Paragraph], list[Doubt]]:
    """The paragraphs without titles of boxes, share buttons, notices, and lines that repeat the header (`known`).

    Doubts: share buttons that no “Chia sẻ” goes with may be a list; a last “Đọc tiếp” says that there is more; lines
    that boxes begin with stay, in doubt.
    """
    header = sorted({text for text in known if text}, key=len, reverse=True)
    kept, dropped, doubts = [], [], []
    for one in paragraphs:
        if is_notice(one.text):
            dropped.append(one.text)
        elif not repeats(one.text, header):
            kept.append(one)
            if len(one.text) <= LONGEST and _SUSPECT.match(one.text):
                doubts.append(Doubt("text", "box", f"kept: {one.text[:70]}"))
    shares = [text for text in dropped if all(_SHARE.fullmatch(part.strip()) for part in text.split("\n"))]
    if shares and not any("chia sẻ" in text.casefold() or "share" in text.casefold() for text in shares):
        doubts.append(Doubt("text", "box", "; ".join(shares)[:80]))
    if paragraphs and dropped and dropped[-1] == paragraphs[-1].text and _GOES_ON.fullmatch(dropped[-1]):
        doubts.append(Doubt("text", "breaks_off", dropped[-1]))
    return kept, doubts


def repeats(text: str, header: Iterable[str]) -> bool:
    """Whether a line is nothing but parts of the header and what stands between them."""
    if len(text) > LONGEST:
        return False
    rest = text
    for line in header:
        rest = rest.replace(line, " ", 1)
    return rest != text and _BETWEEN_PARTS.fullmatch(rest) is not None
