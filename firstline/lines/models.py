"""The tables of the lines, each part's in its own file."""

from firstline.lines import box_models, order_models, routing_models  # noqa: F401 - tables of this app
