"""A published file without DuckDB: Parquet, CSV, workbook, data package, citation.

Here belongs what leaves the warehouse as files or over HTTP. The page (report) does not.
"""
