"""python -m rembi_sheets."""

from rembi_sheets.cli import main

main()
