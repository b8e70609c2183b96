"""The one door to articles: what a person may not read does not exist for him (404)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet

from firstline.contracts.models import Service
from firstline.knowledge.models import Article, ArticleState, Audience, Revision, Solution
from firstline.lib.language import CODES
from firstline.people.models import Client, Person
from firstline.tickets import queries as tickets
from firstline.tickets.models import Ticket
from firstline.tickets.queries import NotThere

_CURRENT = Prefetch(
    "revisions", queryset=Revision.objects.filter(is_current=True).select_related("author"), to_attr="current_texts"
)


def visible_to(person: Person | None) -> QuerySet[Article]:
    """All articles that the person may read, with their current texts; None is a visitor who has not signed in.

    Visitors read what is validated and for everyone; people of a client also what is validated for their client; the
    desk reads every state, but articles for one client only within the scope.
    """
    articles = Article.objects.select_related("client", "created_by").prefetch_related(_CURRENT)
    if person is None or not person.is_active:
        return articles.filter(state=ArticleState.VALIDATED, audience=Audience.ALL)
    if not person.is_agent:
        own = Q(audience=Audience.ALL)
        if person.client_id is not None:
            own |= Q(audience=Audience.CLIENT, client_id=person.client_id)
        return articles.filter(own, state=ArticleState.VALIDATED)
    if person.sees_all_clients:
        return articles
    in_scope = person.clients_in_scope.values("pk")
    return articles.filter(~Q(audience=Audience.CLIENT) | Q(client_id__in=in_scope))


def get_for(person: Person | None, slug: str) -> Article:
    """The article with this slug, if the person may read it. Raises NotThere."""
    article = visible_to(person).prefetch_related("services").filter(slug=slug).first()
    if article is None:
        raise NotThere(slug)
    return article


def clients_for(person: Person) -> QuerySet[Client]:
    """The clients whose articles this person of the desk may write."""
    if person.sees_all_clients:
        return Client.objects.all()
    return person.clients_in_scope


def texts_of(article: Article) -> list[Revision]:
    """The current text in each language; no query for an article that came through `visible_to`."""
    found: list[Revision] | None = getattr(article, "current_texts", None)
    if found is None:
        found = list(article.revisions.filter(is_current=True).select_related("author"))
    return found


def text_in(article: Article, language: str | None) -> Revision:
    """The text in this language, else in the first of ours that has one. Raises NotThere where no language has any."""
    texts = {text.language: text for text in texts_of(article)}
    for code in ((language or "")[:2], *CODES, *texts):
        if code in texts:
            return texts[code]
    raise NotThere(article.slug)


def shelf(person: Person | None, *, service: Service | None = None) -> QuerySet[Article]:
    """What the person may read of one service, or of all; what is archived is not on the shelf."""
    articles = visible_to(person).exclude(state=ArticleState.ARCHIVED)
    return articles.filter(services=service) if service is not None else articles


def services_with_counts(person: Person | None) -> list[tuple[Service, int]]:
    """The services that have articles for this person, with how many."""
    readable = visible_to(person).exclude(state=ArticleState.ARCHIVED).prefetch_related(None)
    services = Service.objects.filter(articles__in=readable.values("pk")).annotate(
        found=Count("articles", filter=Q(articles__in=readable.values("pk")), distinct=True)
    )
    return [(service, service.found) for service in services.distinct()]


@dataclass(frozen=True)
class Translation:
    """One language of an article: `behind` revisions after the text that leads, None where there is no text."""

    language: str
    text: Revision | None
    behind: int | None


def translations_of(article: Article) -> list[Translation]:
    """Every language of ours; the language that the article was first written in leads."""
    texts = {text.language: text for text in texts_of(article)}
    leading = article.revisions.order_by("id").values_list("language", flat=True).first()
    of_leading: Sequence[int] = list(article.revisions.filter(language=leading).values_list("id", flat=True))
    found = []
    for code in CODES:
        text = texts.get(code)
        behind = None if text is None else 0 if code == leading else sum(1 for pk in of_leading if pk > text.pk)
        found.append(Translation(code, text, behind))
    return found


def history_of(article: Article, language: str | None = None) -> QuerySet[Revision]:
    """Every revision, newest first; of one language, if given."""
    revisions = article.revisions.select_related("author").order_by("-id")
    return revisions.filter(language=language) if language else revisions


def revision_of(article: Article, language: str, number: int) -> Revision:
    """One revision. Raises NotThere."""
    found = article.revisions.filter(language=language, number=number).select_related("author").first()
    if found is None:
        raise NotThere(f"{article.slug} {language} {number}")
    return found


def solved_by(article: Article, person: Person) -> QuerySet[Ticket]:
    """The tickets of this person's scope that the article solved, newest first: for the desk."""
    if not person.is_agent:
        return Ticket.objects.none()
    return (
        tickets.visible_to(person)
        .filter(pk__in=Solution.objects.filter(article=article).values("ticket_id"))
        .order_by("-id")
    )


def times_helped(articles: Iterable[Article]) -> dict[int, int]:
    """How many tickets each article solved, by its id: one query."""
    ids = [article.pk for article in articles]
    rows = (
        Solution.objects.filter(article_id__in=ids)
        .values_list("article_id")
        .annotate(n=Count("ticket_id", distinct=True))
    )
    return {pk: n for pk, n in rows.order_by(F("article_id")) if pk is not None}
