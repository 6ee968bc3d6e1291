"""The steps of a restore of the table, for operators."""
