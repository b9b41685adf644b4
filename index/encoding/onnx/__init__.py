"""Models as graphs that onnxruntime runs: their export, and answering from them without PyTorch."""
