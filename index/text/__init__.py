"""Pure string work: scripts, normalization, sentences, query terms, spelling, sanitising."""
