"""Workbooks: the only home of openpyxl and calamine."""
