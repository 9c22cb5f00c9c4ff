"""The words of the house: what flows between its rooms. No I/O, no click, no rich, no yaml."""
