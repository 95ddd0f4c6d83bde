"""IDR: the study file, the annotation CSV and the files beside them, as IDR's curators make them.

Facts on the format come from IDR's pyidr, omero-metadata and the published study repositories (August 2026).
"""
