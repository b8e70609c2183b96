"""A person as he is looked for by the desk: name, login, address, telephone, company."""

from __future__ import annotations

from collections.abc import Sequence

from firstline.people.models import Person
from firstline.search import indexing
from firstline.search.question import Document
from firstline.search.words import all_terms, plain_words

KIND = "person"


def changed(*people: Person) -> None:
    """Within the transaction in which somebody was written."""
    indexing.mark_all(KIND, (person.pk for person in people))


def read(numbers: Sequence[int]) -> list[Document]:
    """The people with these numbers as documents: two statements."""
    people = Person.objects.filter(pk__in=numbers).select_related("client").order_by("pk")
    people = people.prefetch_related("other_addresses")
    return [_document(person) for person in people]


def _document(person: Person) -> Document:
    company = [person.client.name, *map(str, person.client.names.values())] if person.client else []
    further = [word for one in person.other_addresses.all() for word in (one.value, one.number)]
    rest = "\n".join([person.login, person.email, person.phone, person.phone_e164, *further, *company])
    return Document(
        number=person.pk,
        subject=frozenset(all_terms(person.name)),
        public=frozenset(all_terms(rest)),
        internal=frozenset(),
        facts=frozenset(),
        words=frozenset(plain_words(person.name)),
    )
