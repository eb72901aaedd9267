"""The tables, one noun a file. Tortoise is the repository; a hot path is one method beside its model."""

MODELS = [
    "models.people",
    "models.matter",
    "models.obligation",
    "models.feedback",
    "models.extension",
    "models.completion",
    "models.review",
    "models.notice",
    "models.delivery",
    "models.recipient",
    "models.inbound",
    "models.document",
    "models.ledger",
    "models.anchor",
    "models.score",
    "models.ruling",
    "models.prompt",
    "models.system",
]
