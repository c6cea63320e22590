"""Physics as pure functions: floats or arrays in, same out."""
