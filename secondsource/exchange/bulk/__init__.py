"""Bulk data: tables of parts, suppliers, receipts and so on into the database, set by set.

A file goes through one machine, whatever it holds (``kind.py`` says how to add a kind):

``mapping``  which column of the file holds what, and how its dates and numbers are written
``staging``  cells parsed by ``cells`` and copied into a temporary table, row by row of the file
``kinds``    what each kind looks up, refuses, compares and writes, as SQL on that table
``records``  rows that have an id and a history: compared, written, noted for undo
``rejects``  the rows that need a person, with every reason, kept as a file
``removal``  taking an import back
"""
