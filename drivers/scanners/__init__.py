"""Barcode scanners: what was scanned, as text.

A scanner has ``read() -> str | None``: one text without its line end, or nothing that came within the transport's
time-out; and ``check() -> None``, which opens the line.
"""
