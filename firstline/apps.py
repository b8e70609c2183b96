"""Firstline's own application: hands the list of reactions to the tickets' history when everything is loaded."""

from django.apps import AppConfig


class Firstline(AppConfig):
    name = "firstline"
    label = "firstline"

    def ready(self) -> None:
        # Imported here because models exist only now; this is the one place where that is so.
        from firstline import reactions
        from firstline.tickets import history

        history.react_with(reactions.REACTIONS)
