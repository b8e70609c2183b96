"""How static files are named and served: hashed, compressed, and with the imports of our own modules rewritten."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # whitenoise has no types
    """Hashed names in a manifest; `import "./x.js"` in our own ES modules becomes the hashed name.

    Only ui/js is rewritten. Django's own pattern reads every *.js and fails on a vendored file of django_htmx that
    has `import("../htmx")` in a comment. The pattern's name is private: tests/house/test_static_files.py watches it.
    A file that a template names and nobody shipped is an error at once (manifest_strict), not a 404 later.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "ui/js/*.js",
        HashedFilesMixin._js_module_import_aggregation_patterns[1],  # type: ignore[attr-defined] # private: see above
    )
    manifest_strict = True
