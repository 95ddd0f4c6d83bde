"""The sources: each a module with `proposals`, found by what a file holds."""
