"""The tables of the lines, each part's in its own file."""

from firstline.lines import (  # noqa: F401 - tables of this app
    box_models,
    ladder_models,
    order_models,
    proposal_models,
    routing_models,
)
