"""Barcode scanners: what was scanned, as text."""
