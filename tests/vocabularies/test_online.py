"""The look-up at EBI, against a local stub that answers in the shapes of the real service."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import pytest

from rembi_sheets.vocabularies import Match, resolve
from rembi_sheets.vocabularies.online import Online

SHARK = {
    "iri": "http://purl.obolibrary.org/obo/NCBITaxon_7868",
    "curie": "NCBITaxon:7868",
    "shortForm": "NCBITaxon_7868",
    "ontologyId": "ncbitaxon",
    "label": ["Callorhinchus milii"],
    "synonym": ["elephant shark", {"value": "ghost shark", "axioms": [{}]}],
    "isObsolete": "false",
    "isDefiningOntology": "true",
}
IMPORTED = SHARK | {"ontologyId": "efo", "isDefiningOntology": "false"}
OTHER_PREFIX = {"iri": "http://www.ebi.ac.uk/efo/EFO_0000001", "curie": "EFO:0000001", "label": "elephant shark"}
OLD = SHARK | {"curie": "NCBITaxon:1", "iri": "http://purl.obolibrary.org/obo/NCBITaxon_1", "isObsolete": True}


class Stub:
    """A service on this machine: what it is asked, and how it answers next."""

    def __init__(self):
        self.asked, self.elements, self.status, self.body = [], [SHARK, IMPORTED, OTHER_PREFIX, OLD], 200, None
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                stub.asked.append((urlparse(self.path), self.headers))
                body = (
                    stub.body or json.dumps({"elements": stub.elements, "totalElements": len(stub.elements)}).encode()
                )
                self.send_response(stub.status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/ols4"


@pytest.fixture
def stub(monkeypatch):
    stub = Stub()
    monkeypatch.setenv("REMBI_SHEETS_OLS", stub.address)
    for proxy in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(proxy, raising=False)
    yield stub
    stub.server.shutdown()
    stub.server.server_close()


@pytest.fixture
def online():
    return lambda **more: Online(sleep=lambda seconds: None, **more)


def test_a_synonym_is_found_with_its_identifier(stub, online):
    found = online().resolve("Elephant shark", "organism")

    assert found.entry is not None
    assert (found.entry.id, found.entry.label, found.match, found.vocabulary) == (
        "NCBITaxon:7868", "Callorhinchus milii", Match.SYNONYM, "OLS",
    )  # fmt: skip
    assert found.entry.synonyms == ("elephant shark", "ghost shark")


def test_the_question_is_polite_and_narrow(stub, online):
    online().resolve("elephant shark", "organism")

    ((address, headers),) = stub.asked
    assert headers["User-Agent"].startswith("rembi-sheets")
    assert address.path == "/ols4/api/v2/entities"
    assert parse_qs(address.query) == {
        "search": ["elephant shark"], "ontologyId": ["ncbitaxon"], "type": ["class"], "lang": ["en"], "size": ["20"],
    }  # fmt: skip


def test_an_identifier_is_looked_up_as_such(stub, online):
    found = online().resolve("7868", "organism")

    assert found.entry is not None and found.match is Match.ID
    assert parse_qs(stub.asked[0][0].query)["search"] == ["NCBITaxon:7868"]


def test_only_the_same_name_counts(stub, online):
    found = online().resolve("shark", "organism")

    assert found.entry is None and found.alternatives == ()


def test_two_terms_of_one_name_are_alternatives(stub, online):
    stub.elements = [SHARK, SHARK | {"curie": "NCBITaxon:2"}]

    found = online().resolve("elephant shark", "organism")

    assert found.entry is None and len(found.alternatives) == 2


def test_no_question_is_asked_twice(stub, online):
    for _ in range(2):
        assert online().resolve("elephant shark", "organism").entry is not None

    assert len(stub.asked) == 1


def test_lists_without_an_ontology_are_not_asked_for(stub, online):
    assert online().resolve("Atlantis", "country").entry is None
    assert online().resolve("  ", "organism").entry is None
    assert stub.asked == []


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"oops"), (404, b"{}"), (200, b"<html>"), (200, b"\xff\xfe"), (200, b"x" * 2_100_000)],
    ids=["server error", "not found", "no json", "no text", "too long"],
)
def test_failures_are_notes_and_three_are_enough(stub, online, status, body):
    stub.status, stub.body = status, body
    conversation = online()

    for word in "abcde":
        assert conversation.resolve(word, "organism").entry is None

    assert len(stub.asked) == 3
    assert len(conversation.notes) == 4 and "not asked any more" in conversation.notes[-1]


@pytest.mark.parametrize("reply", [b"[]", b'"x"', b"null", b'{"elements": [1, null, {}, {"label": {}}]}'])
def test_odd_replies_are_no_answer(stub, online, reply):
    stub.body = reply

    assert online().resolve("elephant shark", "organism").entry is None


def test_a_busy_service_is_left_alone_at_once(stub, online):
    stub.status = 429
    conversation = online()

    conversation.resolve("a", "organism")
    conversation.resolve("b", "organism")

    assert len(stub.asked) == 1


def test_no_service_at_all_is_a_note(online):
    conversation = online(service="http://127.0.0.1:9/ols4")

    assert conversation.resolve("elephant shark", "organism").entry is None
    assert conversation.notes


def test_a_pause_lies_between_two_questions(stub):
    pauses = []
    conversation = Online(sleep=pauses.append)

    conversation.resolve("a", "organism")
    conversation.resolve("b", "organism")

    assert len(pauses) == 1


def test_resolving_never_asks(stub):
    resolve("elephant shark", "organism")

    assert stub.asked == []
