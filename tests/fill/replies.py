"""A stub of the services that `--online` asks, and replies of our own in their shapes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

DOI, PMID, PMC = "10.1234/abcd.5678", "31527839", "PMC1234567"
ROR, ORCID = "https://ror.org/00f54p054", "0000-0002-1825-0097"
EMDB, EMPIAR = "EMD-1234", "EMPIAR-10001"
SERVICES = ("crossref", "europepmc", "ror", "orcid", "emdb", "empiar")

CROSSREF: dict[str, Any] = {
    "status": "ok",
    "message-type": "work",
    "message-version": "1.0.0",
    "message": {
        "indexed": {"date-parts": [[2026, 1, 2]]},
        "DOI": DOI.upper(),
        "type": "journal-article",
        "title": ["Nuclei of kidney organoids\n  move: the <i>WT1</i> gene &amp; cells"],
        "author": [
            {"given": "Jo Karin", "family": "Beispiel", "sequence": "first", "affiliation": []},
            {"given": "A.-B.", "family": "Muster", "sequence": "additional", "affiliation": []},
            {"name": "The Organoid Group; Heidelberg", "sequence": "additional"},
        ],
        "container-title": ["Journal of Examples"],
        "short-container-title": ["J Ex"],
        "issued": {"date-parts": [[2019, 9, 17]]},
        "volume": "31",
        "issue": "4",
        "page": "2235-2247",
    },
}
EUROPEPMC: dict[str, Any] = {
    "version": "6.9",
    "hitCount": 1,
    "resultList": {
        "result": [
            {
                "id": PMID,
                "source": "MED",
                "pmid": PMID,
                "pmcid": PMC,
                "doi": DOI,
                "title": "Nuclei of kidney organoids move.",
                "authorString": "Beispiel JK, Muster AB.",
                "authorList": {"author": [{"fullName": "Beispiel JK", "initials": "JK"}, {"fullName": "Muster AB"}]},
                "journalInfo": {
                    "issue": "4",
                    "volume": "31",
                    "yearOfPublication": 2019,
                    "journal": {"title": "Journal of examples", "medlineAbbreviation": "J Ex"},
                },
                "pubYear": "2019",
                "pageInfo": "2235-2247",
                "pubTypeList": {"pubType": ["research-article", "Journal Article"]},
            }
        ]
    },
}
ROR_REPLY: dict[str, Any] = {
    "id": ROR,
    "names": [
        {"lang": None, "types": ["acronym"], "value": "SU"},
        {"lang": "en", "types": ["ror_display", "label"], "value": "Example University"},
    ],
    "locations": [
        {
            "geonames_id": 5381396,
            "geonames_details": {
                "name": "Stanford",
                "country_code": "US",
                "country_name": "United States",
                "country_subdivision_name": "California",
            },
        }
    ],
    "status": "active",
    "types": ["education"],
}
ORCID_REPLY: dict[str, Any] = {
    "name": {
        "given-names": {"value": "Josiah"},
        "family-name": {"value": "Carberry"},
        "credit-name": None,
        "visibility": "public",
        "path": ORCID,
    },
    "emails": {"email": []},
}


def _of(value: Any, unit: str = "") -> dict[str, Any]:
    return {"valueOf_": value, "units": unit} if unit else {"valueOf_": value}


EMDB_REPLY: dict[str, Any] = {
    "emdb_id": EMDB,
    "version": "3.0.9.4",
    "admin": {"title": "A polymerase"},
    "crossreferences": {
        "citation_list": {
            "primary_citation": {
                "citation_type": {
                    "instance_type": "journal_citation",
                    "published": True,
                    "author": [{"order": 2, "valueOf_": "Muster AB"}, {"order": 1, "valueOf_": "Beispiel JK"}],
                    "title": "The structure of a polymerase.",
                    "journal": "Journal of Examples",
                    "year": 2019,
                    "volume": "31",
                    "first_page": "2235",
                    "last_page": "2247",
                    "external_references": [
                        {"type_": "PUBMED", "valueOf_": PMID},
                        {"type_": "DOI", "valueOf_": f"doi:{DOI}"},
                    ],
                }
            }
        }
    },
    "map": {"pixel_spacing": {axis: _of("1.03", "Å") for axis in "xyz"}},
    "structure_determination_list": {
        "structure_determination": [
            {
                "method": "singleParticle",
                "microscopy_list": {
                    "microscopy": [
                        {
                            "microscope": "FEI TITAN KRIOS",
                            "electron_source": "FIELD EMISSION GUN",
                            "acceleration_voltage": _of("300", "kV"),
                            "nominal_cs": _of("2.7", "mm"),
                            "nominal_defocus_min": _of("600", "nm"),
                            "nominal_defocus_max": _of("1.6", "µm"),
                            "nominal_magnification": 29000,
                            "specialist_optics": {"energy_filter": {"name": "GIF", "slit_width": _of("20", "eV")}},
                            "software_list": {"software": [{"name": "SerialEM", "instance_type": "software"}]},
                            "image_recording_list": {
                                "image_recording": [
                                    {
                                        "film_or_detector_model": _of("GATAN K2 SUMMIT (4k x 4k)"),
                                        "detector_mode": "COUNTING",
                                        "average_electron_dose_per_image": _of("50.4", "e/Å^2"),
                                    }
                                ]
                            },
                        }
                    ]
                },
                "specimen_preparation_list": {
                    "specimen_preparation": [
                        {
                            "concentration": _of("2", "mg/mL"),
                            "grid": {
                                "material": "COPPER",
                                "mesh": 300,
                                "model": "Quantifoil R2/1",
                                "support_film": [{"film_material": "CARBON", "film_topology": "HOLEY ARRAY"}],
                                "pretreatment": {"type_": "PLASMA CLEANING", "atmosphere": "OTHER"},
                            },
                            "vitrification": {
                                "cryogen_name": "ETHANE",
                                "chamber_humidity": _of("100", "percentage"),
                                "chamber_temperature": _of("283.15", "K"),
                                "instrument": "FEI VITROBOT MARK IV",
                            },
                        }
                    ]
                },
            }
        ]
    },
}
EMPIAR_REPLY: dict[str, Any] = {
    EMPIAR: {
        "title": "Micrographs of a polymerase",
        "status": "REL",
        "experiment_type": "EMDB",
        "cross_references": [EMDB],
        "authors": [{"author": {"name": "Beispiel JK", "order_id": 0, "author_orcid": None}}],
        "citation": [
            {
                "title": "The polymerase, seen again",
                "authors": [{"name": "Beispiel JK", "order_id": 0}, {"name": "('Muster', 'AB')", "order_id": 1}],
                "journal": "Journal of Examples",
                "year": "2021",
                "doi": None,
                "pubmedid": None,
            }
        ],
        "imagesets": [
            {"name": "Organoid stacks", "directory": "/data", "pixel_width": 1.77, "pixel_height": 1.77, "details": "x"}
        ],
    }
}


def answer(path: str, query: dict[str, list[str]]) -> Any:
    """The reply to a question, None for what the service does not know."""
    asked = unquote(path)
    if asked.startswith("/europepmc/search"):
        return EUROPEPMC if any(i in query["query"][0] for i in (DOI, PMID, PMC)) else {"resultList": {"result": []}}
    return {
        f"/crossref/works/{DOI}": CROSSREF,
        f"/ror/v2/organizations/{ROR[-9:]}": ROR_REPLY,
        f"/orcid/v3.0/{ORCID}/person": ORCID_REPLY,
        f"/emdb/entry/{EMDB}": EMDB_REPLY,
        f"/empiar/entry/{EMPIAR[7:]}/": EMPIAR_REPLY,
    }.get(asked)


class Stub:
    """All services on this machine. `body`: what is answered to everything instead; `asked`: paths and headers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.respond: Callable[[BaseHTTPRequestHandler], None] | None = None
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stub.asked.append((self.path, self.headers))
                if stub.respond is not None:
                    stub.respond(self)
                    return
                parts = urlsplit(self.path)
                found = answer(parts.path, parse_qs(parts.query))
                self.send_response(200 if found is not None else 404)
                self.end_headers()
                self.wfile.write(json.dumps(found or {"status": "not found"}).encode())

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}"
