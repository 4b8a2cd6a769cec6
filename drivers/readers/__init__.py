"""ID-card readers: the card as values, and one module per protocol.

A reader has ``read() -> Card | None`` (drivers.readers.card): a card once, and nothing until it was lifted and another
one lies there; and ``check() -> None``, which asks whether the reader is there.
"""
