"""What the web server calls for every page and for the API."""

import os

from django.core.wsgi import get_wsgi_application

from firstline.events.behind import behind_front

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstline.settings")
application = behind_front(get_wsgi_application(), os.environ.get("FIRSTLINE_FRONT_KEY", ""))
