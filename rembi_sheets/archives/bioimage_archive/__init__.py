"""BioImage Archive: PageTab page (JSON and TSV), file lists, next steps."""
