import json
from dataclasses import replace

import pytest

from reports.document import EvidenceDocument
from reports.frozen import DocumentUnreadable, from_dict, to_dict
from tests.reports import samples


@pytest.mark.parametrize("document", [samples.october(), samples.empty()], ids=["october", "empty"])
def test_a_document_comes_back_from_json_as_it_was(document):
    assert from_dict(EvidenceDocument, json.loads(json.dumps(to_dict(document)))) == document


def test_a_document_frozen_before_a_field_was_added_still_loads():
    values = to_dict(samples.october())
    del values["digits"], values["cover"]["notice"]
    document = samples.october()
    assert from_dict(EvidenceDocument, values) == replace(document, cover=replace(document.cover, notice=""))


def test_a_damaged_document_names_the_field():
    values = to_dict(samples.october())
    values["items"][3]["published_at"] = "yesterday"
    with pytest.raises(DocumentUnreadable) as raised:
        from_dict(EvidenceDocument, values)
    assert raised.value.params["where"] == "items.3.published_at"
