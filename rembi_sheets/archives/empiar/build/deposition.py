"""Submission -> Deposition: the way of every cell that EMPIAR has a place for."""

from __future__ import annotations

import datetime as dt

from rembi_sheets.archives import Built
from rembi_sheets.archives.empiar.build.losses import losses
from rembi_sheets.archives.empiar.build.rembi import rembi
from rembi_sheets.archives.empiar.document import NAME, Beside, Deposition, Grant
from rembi_sheets.archives.empiar.facts import citations, image_sets, paths, people
from rembi_sheets.archives.empiar.facts.details import one_line
from rembi_sheets.archives.empiar.facts.experiment_type import entry_type
from rembi_sheets.archives.empiar.facts.references import references
from rembi_sheets.archives.empiar.facts.release import release, scale
from rembi_sheets.archives.shared.losses import schema_losses
from rembi_sheets.submission import Submission


def build(sub: Submission, today: dt.date) -> Built:
    """The deposition of a submission without errors. `today` is the date of deposition in the XML."""
    related = references(sub)
    corresponding = people.with_role(sub, people.CORRESPONDING)
    investigators = people.with_role(sub, people.INVESTIGATOR)
    images = image_sets.for_empiar(sub)
    files = sub.once(paths.files)
    made = Deposition(
        title=one_line(sub.study.study_title),
        experiment_type=entry_type(sub, bool(related.emdb)).word,
        corresponding_author=people.contact(corresponding[0]),
        principal_investigators=tuple(people.contact(p) for p in investigators),
        authors=people.authors(sub.people),
        citations=citations.citations(sub),
        image_sets=tuple(image_sets.image_set(sub, files, d, i == 0) for i, d in enumerate(images)),
        release=release(sub, today)[0],
        scale=scale(sub),
        emdb=tuple(related.emdb),
        biostudies=tuple(related.biostudies),
        idr=tuple(related.idr),
        empiar=tuple(related.empiar),
        workflows=tuple(related.workflows),
        workflow_file=image_sets.workflow_file(sub)[0],
        grants=tuple(Grant(one_line(g.funder), one_line(g.grant_id), g.country) for g in sub.funding),
        deposition_date=today,
        beside=Beside(
            rembi=rembi(sub, files, images),
            data_folder=sub.study.data_folder,
            thumbnail=sub.study.thumbnail,
        ),
    )
    return Built(made, (*schema_losses(sub, NAME), *losses(sub, related, made)))
