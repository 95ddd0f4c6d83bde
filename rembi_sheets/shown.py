"""What a spreadsheet program shows for a number or a date: 15 digits, and the number format of its cell.

The part of the formats that can be rendered alike everywhere: digits, zeros, thousands, per cent, exponents, fractions,
text before and behind, dates and times. The rest (formats that follow the language of the machine) is not guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from rembi_sheets.cells import Raw

_PLAIN_FROM, _PLAIN_TO = -10, 20  # decimal exponents within which a number is written without E
_TOKEN = re.compile(
    r"""(?P<quoted>"[^"]*"?)|\\(?P<escaped>.)|_(?P<blank>.)|\*(?P<filled>.)|(?P<bracket>\[[^\]]*\])"""
    r"""|(?P<general>General)|(?P<exponent>[Ee][+-])|(?P<half>AM/PM|A/P)|(?P<unit>y+|m+|d+|h+|s+)|(?P<sign>.)""",
    re.IGNORECASE | re.DOTALL,
)
_COLOUR = re.compile(r"\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+|[<>=].*)\]", re.IGNORECASE)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_DECIMALS = 20  # exponents beyond which no format but that of exponents is of use
_DIGITS = "0#?"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_ENGLISH = ("", "409", "809", "1009", "C09", "1409", "1809")


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as shown. `rounded`: the cell holds more digits than are shown. `sure`: False where the format could not
    be rendered, so that the text is the bare value."""

    text: str
    rounded: bool = False
    sure: bool = True


@dataclass(frozen=True, slots=True)
class _Part:
    kind: str
    text: str


def number(value: float) -> Decimal:
    """A stored number with the 15 digits that Excel keeps and shows; what lies beyond is noise of its arithmetic."""
    return Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")


def general(value: float) -> str:
    """A number as a cell of the format General shows it where there is room, very large and small ones with E."""
    digits = number(value)
    if not digits.is_finite():
        return str(value)
    if digits == 0:
        return "0"
    if _PLAIN_FROM <= digits.adjusted() <= _PLAIN_TO:
        text = f"{digits:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, _, exponent = f"{digits.normalize():E}".partition("E")
    return f"{mantissa}E{int(exponent):+03d}"


def cut(value: float) -> bool:
    """Is a number so long that Excel has put zeros in the place of its last digits?"""
    return abs(value) >= 1e15 and len(number(value).normalize().as_tuple().digits) > 14


def shown(value: Raw, code: str) -> Shown | None:
    """How a cell with this number format shows its value; None where it shows it as it is, or is no number or date.

    A date that shows no year of four digits gives None too: such formats are what Excel makes of other words. A format
    that hides its cell (;;;) is not followed: the value is there for whoever wrote it.
    """
    if isinstance(value, (bool, str)) or value is None or code.casefold() in ("general", "@", ""):
        return None
    if not isinstance(value, (int, float)):
        return _moment(value, code)
    if not number(value).is_finite():
        return None
    section, negative = _section(number(value), code)
    parts = _parts(section)
    if parts is None or any(p.kind in ("unit", "half") for p in parts):
        return Shown(general(value), sure=False)
    made = _number(abs(number(value)) if negative else number(value), parts)
    return made if made and made.text else Shown(general(value), sure=False)


def dressed(code: str) -> bool:
    """Does a number format show a unit, a currency or per cent beside the digits?"""
    parts = _parts(_sections(code)[0]) or ()
    return any(p.kind == "%" or (p.kind == "text" and any(c.isalpha() or c in "°€$£¥‰" for c in p.text)) for p in parts)


def _sections(code: str) -> list[str]:
    out = [""]
    for found in _TOKEN.finditer(code):
        if found["sign"] == ";":
            out.append("")
        else:
            out[-1] += found[0]
    return out


def _section(value: Decimal, code: str) -> tuple[str, bool]:
    """The section of a format that holds for a value, and whether it stands for the sign as well."""
    sections = _sections(code)
    conditions = [_CONDITION.search(s) for s in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _holds(value, condition[1], Decimal(condition[2])):
                return section, value < 0 and condition is not None
        return sections[-1], False
    if len(sections) > 2 and value == 0:
        return sections[2], False
    if len(sections) > 1 and value < 0:
        return sections[1], True
    return sections[0], False


def _holds(value: Decimal, sign: str, other: Decimal) -> bool:
    return {
        "<": value < other,
        ">": value > other,
        "=": value == other,
        "<=": value <= other,
        ">=": value >= other,
        "<>": value != other,
    }[sign]


def _parts(section: str) -> list[_Part] | None:
    """The parts of a section; None when it follows the language of the machine or is not understood."""
    out = []
    for found in _TOKEN.finditer(section):
        kind, text = str(found.lastgroup), found[found.lastgroup or 0]
        if kind == "bracket":
            if text.startswith("[$"):
                words, _, language = text[2:-1].partition("-")
                if language.upper() in ("F800", "F400"):
                    return None
                out += [_Part("language", language)] if language.upper().lstrip("0") not in _ENGLISH else []
                out += [_Part("text", words)] if words else []
            elif re.fullmatch(r"\[(h+|m+|s+)\]", text, re.IGNORECASE):
                out.append(_Part("elapsed", text[1:-1].lower()))
            elif not _COLOUR.fullmatch(text):
                return None
        elif kind in ("quoted", "escaped", "blank"):
            out.append(_Part("text", {"quoted": text.strip('"'), "blank": " "}.get(kind, text)))
        elif kind == "sign":
            out.append(_Part(text if text in "0#?.,%/@" else "text", text))
        elif kind != "filled":
            out.append(_Part(kind, text if kind == "half" else text.lower()))
    return out


def _number(value: Decimal, parts: Sequence[_Part]) -> Shown | None:
    kinds = [p.kind for p in parts]
    if "elapsed" in kinds or "@" in kinds or value.adjusted() > _DECIMALS:
        return None
    percent = value.scaleb(2 * kinds.count("%"))
    if "general" in kinds:
        inner = general(float(abs(percent)))
        text = "".join(inner if p.kind == "general" else p.text for p in parts)
        return Shown(("-" if value < 0 else "") + text.strip())
    if not any(k in _DIGITS for k in kinds):
        return Shown("".join(p.text for p in parts).strip(), rounded=value != 0)
    if "/" in kinds:
        return _fraction(percent, parts)
    if "exponent" in kinds:
        return _exponent(percent, parts)
    last = max(i for i, k in enumerate(kinds) if k in _DIGITS)
    behind = 0
    while last + 1 + behind < len(kinds) and kinds[last + 1 + behind] == ",":
        behind += 1
    scaled = percent.scaleb(-3 * behind)
    kept = [p for i, p in enumerate(parts) if not last < i <= last + behind]
    text, exact = _fixed(abs(scaled), kept)
    return Shown(("-" if value < 0 and re.search("[1-9]", text) else "") + text.strip(), rounded=not exact)


def _fixed(value: Decimal, parts: Sequence[_Part]) -> tuple[str, bool]:
    """Digits before and behind the point, what stands between them in its place; is nothing rounded?"""
    kinds = [p.kind for p in parts]
    point = kinds.index(".") if "." in kinds else len(parts)
    decimals = sum(k in _DIGITS for k in kinds[point:])
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _, rest = f"{rounded:f}".partition(".")
    whole = whole.lstrip("0")
    grouped = "," in kinds[:point]
    places = [i for i, k in enumerate(kinds[:point]) if k in _DIGITS]
    out = [p.text if p.kind in ("text", "%") else "" for p in parts]
    count = 0
    for n, place in enumerate(reversed(places)):
        digits = [whole[-1:]] if n < len(places) - 1 else list(reversed(whole))
        whole = whole[:-1]
        for digit in digits or [""]:
            digit = digit or {"0": "0", "?": " "}.get(kinds[place], "")
            comma = "," if grouped and digit.strip() and count and count % 3 == 0 else ""
            out[place] = digit + comma + out[place]
            count += 1
    behind = [i for i, k in enumerate(kinds) if i > point and k in _DIGITS]
    zeros = True
    for n, place in reversed(list(enumerate(behind))):
        digit = rest[n : n + 1] or "0"
        zeros = zeros and digit == "0" and kinds[place] != "0"
        out[place] = {"?": " "}.get(kinds[place], "") if zeros else digit
    if point < len(parts):
        out[point] = "."
    return "".join(out), rounded == value


def _exponent(value: Decimal, parts: Sequence[_Part]) -> Shown | None:
    at = next(i for i, p in enumerate(parts) if p.kind == "exponent")
    digits = [p.kind for p in parts[:at]]
    step = max(1, sum(k in _DIGITS for k in digits[: digits.index(".") if "." in digits else at]))
    shift = value.adjusted() // step * step if value else 0
    text, exact = _fixed(abs(value).scaleb(-shift), parts[:at])
    width = 0
    for p in parts[at + 1 :]:
        if p.kind not in _DIGITS:
            break
        width += 1
    sign = "-" if shift < 0 else "+" if parts[at].text.endswith("+") else ""
    rest = "".join(p.text for p in parts[at + 1 + width :] if p.kind in ("text", "%"))
    made = f"{text}E{sign}{abs(shift):0{max(width, 1)}d}{rest}".strip()
    return Shown(("-" if value < 0 else "") + made, rounded=not exact)


def _fraction(value: Decimal, parts: Sequence[_Part]) -> Shown | None:
    """`# ?/?` and the like: a whole number, then the nearest fraction with so many digits, or with a given bottom."""
    form = "".join(p.text if p.kind in (*_DIGITS, "/", "text") else "\0" for p in parts)
    found = re.fullmatch(r"(?:([0#?]+) +)?([0#?]+) */ *([0#?]+|\d+)", form.strip())
    if found is None:
        return None
    exact = Fraction(abs(value))
    bottom = found[3]
    if bottom.strip(_DIGITS):
        near = Fraction(round(exact * int(bottom)), int(bottom))
        top, under = near.numerator * (int(bottom) // near.denominator), int(bottom)
    else:
        near = exact.limit_denominator(10 ** len(bottom) - 1)
        top, under = near.numerator, near.denominator
    whole = ""
    if found[1]:
        units, top = divmod(top, under)
        whole = str(units) if units or not top else ""
    text = f"{whole} {top}/{under}".strip() if top or not whole else whole
    return Shown(("-" if value < 0 else "") + text, rounded=near != exact)


def _moment(value: dt.datetime | dt.date | dt.time | dt.timedelta, code: str) -> Shown | None:
    bare = value.total_seconds() if isinstance(value, dt.timedelta) else None
    plain = str(value) if bare is not None else value.isoformat()  # type: ignore[union-attr]
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        plain = value.date().isoformat()
    parts = _parts(_sections(code)[0])
    if parts is None:
        return Shown(plain, sure=False)
    units = [p.text for p in parts if p.kind == "unit"]
    if isinstance(value, dt.date) and not any(u.startswith("yyy") for u in units):
        full = {u[0] for u in units} >= set("ymd")
        return Shown(plain, sure=False) if full or not any(u[0] in "ymd" for u in units) else None
    named = any(len(u) > 2 and u[0] in "md" for u in units)
    if named and any(p.kind == "language" for p in parts):
        return Shown(plain, sure=False)
    written = _written(value, parts)
    return Shown(written) if written is not None else Shown(plain, sure=False)


def _written(value: dt.datetime | dt.date | dt.time | dt.timedelta, parts: Sequence[_Part]) -> str | None:
    day = value if isinstance(value, dt.date) else None
    span = value if isinstance(value, dt.timedelta) else _since_midnight(value)
    seconds = int(span.total_seconds())
    if seconds < 0:
        return None
    half = any(p.kind == "half" for p in parts)
    hour = seconds // 3600 % 24
    out: list[str] = []
    before = ""
    for i, p in enumerate(parts):
        width = len(p.text)
        if p.kind == "elapsed":
            total = seconds // {"h": 3600, "m": 60, "s": 1}[p.text[0]]
            out.append(f"{total:0{width}d}")
            before = p.text[0]
        elif p.kind == "half":
            out.append(("AM", "PM")[hour >= 12] if "M" in p.text.upper() else ("A", "P")[hour >= 12])
        elif p.kind == "unit":
            after = next((q.text[0] for q in parts[i + 1 :] if q.kind in ("unit", "elapsed")), "")
            if p.text[0] == "m" and (before == "h" or after == "s"):
                out.append(f"{seconds // 60 % 60:0{min(width, 2)}d}")
            elif p.text[0] in "hs":
                number = {"h": (hour % 12 or 12) if half else hour, "s": seconds % 60}[p.text[0]]
                out.append(f"{number:0{min(width, 2)}d}")
            elif day is None:
                return None
            else:
                out.append(_of_day(day, p.text))
            before = p.text[0]
        elif p.kind in ("text", "/", ",", "."):
            out.append(p.text)
        elif p.kind == "0" and out and out[-1] == ".":
            out.append(f"{span.microseconds:06d}"[0])
        elif p.kind not in ("language", "@", "0"):
            return None
    return "".join(out).strip()


def _since_midnight(value: dt.datetime | dt.date | dt.time) -> dt.timedelta:
    if isinstance(value, dt.datetime):
        value = value.time()
    if not isinstance(value, dt.time):
        return dt.timedelta()
    return dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)


def _of_day(day: dt.date, unit: str) -> str:
    width = len(unit)
    if unit[0] == "y":
        return f"{day.year:04d}" if width > 2 else f"{day.year % 100:02d}"
    if unit[0] == "m":
        name = _MONTHS[day.month - 1]
        return {1: str(day.month), 2: f"{day.month:02d}", 3: name[:3], 5: name[0]}.get(width, name)
    return {1: str(day.day), 2: f"{day.day:02d}", 3: _DAYS[day.weekday()][:3]}.get(width, _DAYS[day.weekday()])
