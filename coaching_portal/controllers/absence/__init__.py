from . import absence
