"""The structure of a completion report (情况汇报): what is found in it is advice, never a block (Q11, R43–R46, A74)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

PARTS = ("task", "done", "difficulties")
SHORTEST = {"task": 10, "done": 60}
MOST = 3000
"""Characters: below, a part of the body says too little; above, the whole says too much (言简意赅)."""

_SENTENCE = re.compile(r"[^。；！？\n]+")
# possessive, and from a number's first digit only: a page of digits must not be looked through once for each of them;
# what has more digits than any count or sum of money is the number of something
_COUNT = re.compile(r"(?<!\d)(?P<n>\d{1,15}+)(?P<unit>[一-鿿])")
_RATE = re.compile(r"(?<!\d)(?P<n>\d++(?:\.\d++)?)[%％]")


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it is to be judged; `done` is the implementation, `difficulties` may be absent (R45)."""

    title: str = ""
    addressee: str = ""
    task: str = ""
    done: str = ""
    difficulties: str = ""
    signer: str = ""
    signed_on: date | None = None

    @property
    def body(self) -> str:
        return "\n".join(filter(None, (self.task, self.done, self.difficulties)))


@dataclass(frozen=True, slots=True)
class Subject:
    """The matter that the report is about; `title` is "" where it may not be told (A76), `unit` the responsible unit's
    name, `begun_on` the day of its initiation."""

    title: str
    source: str
    unit: str
    begun_on: date
    today: date


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words it is judged by; see templates/documents/report.toml."""

    opening: str
    endings: Sequence[str]
    kinds: Sequence[str]
    accepted: Mapping[str, Sequence[str]]
    words: Mapping[str, Sequence[str]]
    total: str
    among: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: its code and the values of its sentence."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


def findings(report: Report, subject: Subject, vocabulary: Vocabulary) -> list[Finding]:
    """Everything found, in the order in which a reader meets it."""
    return [
        *_title(report.title, subject, vocabulary),
        *_addressee(report.addressee, subject, vocabulary),
        *_parts(report),
        *_words(report, vocabulary),
        *_numbers(report.body, vocabulary),
        *_signature(report, subject),
    ]


def _title(title: str, subject: Subject, vocabulary: Vocabulary) -> Iterator[Finding]:
    """R43: subject + document type; the department's name may stand before it."""
    if not title:
        yield Finding("title_missing")
        return
    rest = title.partition(vocabulary.opening)[2]
    if rest == next((each for each in vocabulary.endings if rest.endswith(each)), rest):
        yield Finding("title_form", {"title": title})
    if subject.title and not _pairs(title, vocabulary) & _pairs(subject.title, vocabulary):
        yield Finding("title_other", {"title": title, "subject": subject.title})


def _pairs(text: str, vocabulary: Vocabulary) -> set[str]:
    """Neighbouring letters, without those that every title has."""
    for common in (vocabulary.opening, *vocabulary.endings, *vocabulary.kinds):
        text = text.replace(common, " ")
    return {first + second for word in text.split() for first, second in pairwise(word)}


def _addressee(addressee: str, subject: Subject, vocabulary: Vocabulary) -> Iterator[Finding]:
    """R44: the matter's source."""
    if not addressee:
        yield Finding("addressee_missing", {"source": subject.source})
    elif not any(each in addressee for each in vocabulary.accepted[subject.source]):
        yield Finding("addressee_other", {"source": subject.source, "addressee": addressee})


def _parts(report: Report) -> Iterator[Finding]:
    """R45: the task, then the implementation; Q11: 言简意赅."""
    for part, least in SHORTEST.items():
        count = _length(getattr(report, part))
        if not count:
            yield Finding("part_missing", {"part": part})
        elif count < least:
            yield Finding("part_short", {"part": part, "count": count})
    if (count := _length(report.body)) > MOST:
        yield Finding("too_long", {"count": count, "most": MOST})


def _length(text: str) -> int:
    return len("".join(text.split()))


def _words(report: Report, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Q11: 语言严谨, no wrong characters; R47: what is not done yet is not complete."""
    places = {"unfinished": report.done, "placeholder": f"{report.title}\n{report.body}\n{report.signer}"}
    for code, known in vocabulary.words.items():
        text = places.get(code, report.body)
        if found := [each for each in known if each in text]:
            yield Finding(code, {"words": found})


def _numbers(text: str, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Parts that add up to more than their total, and a rate that is not the quotient of the numbers before it."""
    for sentence in _SENTENCE.findall(text):
        yield from _sum(sentence, vocabulary)
        yield from _rate(sentence)


def _counts(text: str) -> list[tuple[int, str]]:
    return [(int(each["n"]), each["unit"]) for each in _COUNT.finditer(text)]


def _sum(sentence: str, vocabulary: Vocabulary) -> Iterator[Finding]:
    """共48个，其中12个、6个: up to a further 其中, whose numbers are parts of a part."""
    whole, *parted = sentence.split(vocabulary.among)
    before, _, after = whole.partition(vocabulary.total)
    counts = _counts(after)
    if not counts or not parted:
        return
    total, unit = counts[0]
    parts = sum(count for count, other in _counts(parted[0]) if other == unit)
    if parts > total:
        yield Finding("sum_over", {"total": total, "sum": parts, "words": sentence.removeprefix(before)[:40]})


def _rate(sentence: str) -> Iterator[Finding]:
    """排查40个，整改10个，整改率25%; the rate of what is left is right as well."""
    found = _RATE.search(sentence)
    counts = _counts(sentence[: found.start()]) if found else []
    if not found or len(counts) != 2:
        return
    (whole, unit), (part, other) = counts
    if other != unit or part > whole or not whole:
        return
    right, rate = part * 100 / whole, float(found["n"])
    if abs(right - rate) >= 1 and abs(100 - right - rate) >= 1:
        yield Finding("rate_wrong", {"total": whole, "part": part, "right": f"{right:.3g}", "rate": found["n"]})


def _signature(report: Report, subject: Subject) -> Iterator[Finding]:
    """R46: the responsible unit and the date."""
    if not report.signer:
        yield Finding("signer_missing", {"expected": subject.unit})
    elif subject.unit not in report.signer:
        yield Finding("signer_other", {"signer": report.signer, "expected": subject.unit})
    if report.signed_on is None:
        yield Finding("date_missing")
    elif report.signed_on > subject.today:
        yield Finding("date_ahead", {"date": report.signed_on})
    elif report.signed_on < subject.begun_on:
        yield Finding("date_before", {"date": report.signed_on})
