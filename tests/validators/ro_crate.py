"""Hold a folder against the RO-Crate validator: ``python ro_crate.py folder profile``. Prints what it finds, a line each.

Runs in the environment of the validators and without a network: the two JSON-LD contexts that the crate names are read from
``contexts.json``, which has of each the terms that the crate uses. A term that is in neither is lost, as it would be with the
whole, and the validator says so.
"""

import json
import sys
from pathlib import Path

from rocrate_validator import models, services
from rocrate_validator.utils import document_loader
from rocrate_validator.utils.http import HttpRequester

CONTEXTS = json.loads(Path(__file__).with_name("contexts.json").read_text(encoding="utf-8"))


class Answer:
    """What the validator asks of an answer to a request for a context."""

    status_code = 200

    def __init__(self, url: str) -> None:
        self.text = json.dumps(CONTEXTS[url])
        self.content = self.text.encode()
        self.headers = {"Content-Type": "application/ld+json"}

    def json(self) -> dict:
        return json.loads(self.text)


HttpRequester.get = lambda _self, url, **_: Answer(url)
document_loader.install_document_loader()
found = services.validate(
    services.ValidationSettings(
        rocrate_uri=sys.argv[1],
        profile_identifier=sys.argv[2],
        requirement_severity=models.Severity.RECOMMENDED,
    )
)
for issue in found.get_issues():
    print(issue.severity.name, issue.check.identifier, issue.violatingEntity, issue.message)
