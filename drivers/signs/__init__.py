"""Signs over the windows. Each driver's object is one addressed sign; several may share one transport and thread.

A sign has ``show(text: SignText) -> None`` (drivers.signs.sign_text) and ``check() -> None``, which asks whether it is
there, as far as its protocol allows. drivers.signs.exchange has ``say`` and ``ask`` for both.
"""
