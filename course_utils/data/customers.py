"""A customer file as it comes out of two shop systems: the same people, written differently."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from course_utils.data.blocks import block_rng, choose, pick
from course_utils.data.city import FAMILY_NAMES, GIVEN_NAMES, neighborhoods
from course_utils.data.truth import CustomersTruth
from course_utils.data.variant import Variant


@dataclass(frozen=True)
class _Plan:
    """How many people there are, and how many pairs of them share what."""

    people: int
    repeated_twice: int
    repeated_thrice: int
    twins: int  # same name and birth date, other e-mail, phone and address
    shared_phones: int  # one landline, two people
    shared_emails: int  # one mailbox, two people
    # Pairs that agree in two of e-mail, phone and birth date, so that each of the three decides
    couples: int  # one mailbox and one landline, other birth dates
    mailbox_twins: int  # one mailbox, born on one day, other phones
    landline_twins: int  # one landline, born on one day, other mailboxes


_PLANS = {
    Variant.COURSE: _Plan(10_000, 250, 25, 100, 75, 50, 25, 25, 25),
    Variant.SIBLING: _Plan(9_041, 379, 31, 83, 92, 61, 37, 29, 17),
}

COLUMNS = ("given_name", "family_name", "email", "phone", "birth_date", "city", "postcode")

# No telephone company hands out numbers that begin with 555 to households.
_AREA_CODES = np.array([415, 503, 541, 559, 619, 650, 707, 831])
_DOMAINS = {"example.com": 45, "example.org": 25, "example.net": 20, "mail.example.com": 10}
_CITIES = {"Port Halden": 80, "Ashby Falls": 7, "New Corran": 6, "Tern Bay": 4, "Millbrook": 3}
_FORMAT_SHARES = (0.70, 0.10, 0.10, 0.10)  # of the four ways to write a phone
_DATE_SHARES = (0.75, 0.10, 0.15)  # of the three ways to write a date


def truth(variant: Variant = Variant.COURSE) -> CustomersTruth:
    """What the file holds."""
    plan = _PLANS[variant]
    people = _people(block_rng("customers", 0, variant), variant)
    namesakes = people.duplicated(["given_name", "family_name", "born"], keep=False)
    return CustomersTruth(
        records=plan.people + plan.repeated_twice + 2 * plan.repeated_thrice,
        people=plan.people,
        repeated=plan.repeated_twice + plan.repeated_thrice,
        twins=int(namesakes.sum()),
        shared_phones=plan.shared_phones + plan.couples + plan.landline_twins,
        shared_emails=plan.shared_emails + plan.couples + plan.mailbox_twins,
        couples=plan.couples,
        mailbox_twins=plan.mailbox_twins,
        landline_twins=plan.landline_twins,
    )


def customers(variant: Variant = Variant.COURSE) -> pd.DataFrame:
    """The records in the order of the file, every value text."""
    plan, rng = _PLANS[variant], block_rng("customers", 0, variant)
    people = _people(rng, variant)
    again = rng.choice(plan.people, plan.repeated_twice + plan.repeated_thrice, replace=False)
    rows = np.concatenate([np.arange(plan.people), again, again[: plan.repeated_thrice]])
    # Another system wrote the other records: letter case, phone and date format differ.
    written = np.concatenate(
        [
            pick(rng, plan.people, {0: 0.90, 1: 0.04, 2: 0.03, 3: 0.03}),
            rng.integers(0, 4, len(rows) - plan.people),
        ]
    )
    records = people.iloc[rows].reset_index(drop=True)
    phone_style = choose(np.arange(4), _FORMAT_SHARES, rng.random(len(records)))
    date_style = choose(np.arange(3), _DATE_SHARES, rng.random(len(records)))
    given, family, email = (records[name].to_numpy() for name in COLUMNS[:3])
    texts = pd.DataFrame(
        {
            "given_name": _cased(given, written),
            "family_name": _cased(family, written),
            "email": _cased(email, written % 3),
            "phone": [_phone(*item) for item in zip(records["phone"], phone_style, strict=True)],
            "birth_date": [_date(*item) for item in zip(records["born"], date_style, strict=True)],
            "city": records["city"],
            "postcode": records["postcode"],
        }
    )
    return texts.iloc[rng.permutation(len(texts))].reset_index(drop=True)


def _people(rng: np.random.Generator, variant: Variant) -> pd.DataFrame:
    """One row per person; e-mail, phone and birth date together are unique, no two of them are."""
    plan = _PLANS[variant]
    size = plan.people
    given, family = rng.choice(GIVEN_NAMES, size), rng.choice(FAMILY_NAMES, size)
    born = np.datetime64("1940-01-01") + rng.integers(0, 24_000, size).astype("timedelta64[D]")
    lines = rng.choice(len(_AREA_CODES) * 10_000, size, replace=False)
    phone = np.array([f"{_AREA_CODES[n // 10_000]}555{n % 10_000:04d}" for n in lines])
    domain = pick(rng, size, _DOMAINS)

    # How many pairs share what; a shared mailbox or landline belongs to one family
    shared = (
        (plan.twins, (given, family, born)),
        (plan.shared_phones, (family, phone)),
        (plan.shared_emails, (family,)),
        (plan.couples, (family, phone)),
        (plan.mailbox_twins, (family, born)),
        (plan.landline_twins, (family, phone, born)),
    )
    ends = np.cumsum([pairs for pairs, _ in shared])
    people = rng.permutation(size)[: 2 * ends[-1]]
    groups = np.split(people.reshape(-1, 2), ends[:-1])
    for pairs, (_, columns) in zip(groups, shared, strict=True):
        for values in columns:
            values[pairs[:, 1]] = values[pairs[:, 0]]
    email = np.array(
        [
            f"{first.lower()}.{last.lower()}{number}@{host}"
            for number, (first, last, host) in enumerate(zip(given, family, domain, strict=True))
        ],
        dtype=object,
    )
    for pairs in (groups[2], groups[3], groups[4]):
        email[pairs[:, 1]] = email[pairs[:, 0]]
    place = pick(rng, size, {i: item.weight for i, item in enumerate(neighborhoods(variant))})
    city = pick(rng, size, _CITIES)
    offset = np.array([list(_CITIES).index(name) for name in city])
    return pd.DataFrame(
        {
            "given_name": given,
            "family_name": family,
            "email": email,
            "phone": phone,
            "born": born,
            "city": city,
            "postcode": [f"{code:05d}" for code in 95_900 + 100 * offset + place],
        }
    )


def _cased(values: npt.NDArray[Any], style: npt.NDArray[Any]) -> list[str]:
    """As it is, upper case, lower case, or first letters capital."""
    change = (str, str.upper, str.lower, str.title)
    return [change[i](str(value)) for value, i in zip(values, style, strict=True)]


def _phone(digits: str, style: int) -> str:
    area, exchange, line = digits[:3], digits[3:6], digits[6:]
    return (
        f"{area}-{exchange}-{line}",
        f"({area}) {exchange}-{line}",
        f"{area}.{exchange}.{line}",
        f"+1 {area} {exchange} {line}",
    )[style]


def _date(born: pd.Timestamp, style: int) -> str:
    return born.strftime(("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y")[style])
