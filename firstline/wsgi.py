"""What the web server calls for every page and for the API."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstline.settings")
application = get_wsgi_application()
