"""Nothing that articles hold may act on a terminal: ``safe`` is the model's, for export needs it as well."""

from coachkb.model.visible import safe

__all__ = ["safe"]
