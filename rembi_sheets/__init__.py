"""rembi-sheets: one Excel workbook for three bioimage archives."""
