"""From claims to answers: each module takes the ledger and gives a frame. No words for readers, no files."""
