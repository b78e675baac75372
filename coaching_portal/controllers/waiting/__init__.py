from . import waiting
