"""Values as Components V2 layouts within Discord's limits; no I/O."""
