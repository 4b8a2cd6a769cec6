"""Signs over the windows. Each driver's object is one addressed sign; several may share one transport and thread."""
