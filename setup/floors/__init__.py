"""Which file knows of something that lives on a floor above its own, or beside it?

``definitions`` reads what the files of an addon define and where, ``python_names`` and
``xml_names`` what a file knows, ``addon`` puts both together, and ``allowed`` reads the
list of exceptions. The command is ``setup/check_floors.py``.

Names are keys: ``("member", model, name)`` for a field or method whose model is known,
``("name", name)`` for one that is only known by name, and ``("model", …)``,
``("table", …)``, ``("xml", …)``, ``("file", …)``.
"""
