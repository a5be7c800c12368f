"""How REST framework and the schema of the API are set up; the same on every machine."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["liaison.accounts.permissions.HasAccess"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "liaison.core.api.bodies.JSONBody",
        "liaison.core.api.bodies.FormBody",
        "liaison.core.api.bodies.MultiPartBody",
    ],
    "DEFAULT_SCHEMA_CLASS": "liaison.core.api.schema.Schema",
    "DEFAULT_PAGINATION_CLASS": "liaison.core.api.pages.Pages",
    "EXCEPTION_HANDLER": "liaison.core.api.errors.answer_errors",
    "PAGE_SIZE": 25,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Liaison 警企通",
    "DESCRIPTION": "Who answers for which enterprise, visits, and the issue bill.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # A file is sent as bytes and answered as a description.
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "PersonKind": "liaison.accounts.models.Kind",
        "EnterpriseKind": "enterprises.models.Enterprise.Kind",
        "EnterpriseStage": "enterprises.models.Stage",
        "IssueStage": "issues.workflow.Stage",
        "Proof": "issues.workflow.Proof",
        "OperationStatus": "liaison.mobile.actions.outbox.STATUSES",
        "UploadStatus": "liaison.mobile.models.Upload.Status",
    },
}
