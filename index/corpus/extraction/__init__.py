"""The text of formats that are no text themselves, built block by block."""
