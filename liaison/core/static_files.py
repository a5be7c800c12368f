"""Style sheets, scripts and pictures as a server gives them out."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Django's own rule for import statements; it applies it to every script there is.
_, IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns


class CollectedStorage(CompressedManifestStaticFilesStorage):
    """Every file under a name made from its content, those that our scripts import included.

    Only in our own: the scripts of libraries name modules that they do not bring.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = ("js/*.js", IMPORTS)
